import type {
  HistoryPage,
  HistoryQuery,
} from "../../../lib/local_api/types/history.ts";
import type { JoinedRoom } from "../../../lib/local_api/types/rooms.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { TalkViews } from "../direct/talk_views.ts";
import type { Presences } from "../presence.ts";
import type { PrivateMembers } from "../private_members.ts";
import type { RoomRequests } from "../room_requests.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { People } from "./people.ts";
import type { RoomHistory } from "./room_history.ts";

export interface RoomViewsOptions {
  readonly people: Pick<People, "member">;
  readonly talkViews: Pick<TalkViews, "isTalk" | "members" | "history">;
  readonly requests: Pick<RoomRequests, "members">;
  readonly presences: Pick<Presences, "of">;
  readonly sealed: Pick<SealedRooms, "isPrivate">;
  readonly members: Pick<PrivateMembers, "view">;
  readonly history: Pick<RoomHistory, "look">;
}

/** Who is in a room and what was said in it, whatever kind of room it is. Each rejects with a `Failure`. */
export class RoomViews {
  readonly #options: RoomViewsOptions;

  constructor(options: RoomViewsOptions) {
    this.#options = options;
  }

  async members(room: RoomName): Promise<JoinedRoom> {
    const { people, talkViews } = this.#options;
    const there = talkViews.isTalk(room)
      ? talkViews.members(room)
      : await this.#inRoom(room);
    return {
      ...there,
      members: there.members.map((one) => people.member(one)),
    };
  }

  async history(query: HistoryQuery): Promise<HistoryPage> {
    const { talkViews, history } = this.#options;
    return talkViews.isTalk(query.room)
      ? talkViews.history(query)
      : await history.look(query);
  }

  async #inRoom(room: RoomName): Promise<JoinedRoom> {
    const { requests, presences, sealed, members } = this.#options;
    const seen = await presences.of(requests.members(room));
    return sealed.isPrivate(room) ? await members.view(seen) : seen;
  }
}
