import type {
  Invite,
  InviteRequest,
} from "../../lib/local_api/types/invites.ts";
import type { PrivateMembers } from "./private_members.ts";
import type { RoomRequests } from "./room_requests.ts";
import type { SealedRooms } from "./sealed_rooms.ts";
import type { SessionOptions } from "./session_options.ts";

export interface InvitesOptions {
  readonly options: SessionOptions;
  readonly requests: Pick<RoomRequests, "members">;
  readonly sealed: Pick<SealedRooms, "isPrivate">;
  readonly members: Pick<PrivateMembers, "invite">;
}

/** Writes invitations to rooms. */
export class Invites {
  readonly #options: InvitesOptions;

  constructor(options: InvitesOptions) {
    this.#options = options;
  }

  /** Rejects with NOT_IN_ROOM, NOT_CONNECTED or ROOM_NOT_JOINED: nobody is invited to where this agent is not. */
  async write(request: InviteRequest): Promise<Invite> {
    const { options, requests, sealed, members } = this.#options;
    const { room, for_ms } = request;
    requests.members(room);
    if (sealed.isPrivate(room)) return await members.invite(request);
    const { clock, writeInvite, settings } = options;
    const until = Math.floor((clock.wall() + for_ms) / 1000) * 1000;
    const { agentId: by, agentName: name, relayUrls: [relay] } = settings;
    const invite = await writeInvite({ room, until });
    return { invite, room, relay, by, name, until };
  }
}
