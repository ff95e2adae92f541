import { Failure } from "../../lib/errors.ts";
import type {
  Invite,
  InviteRequest,
} from "../../lib/local_api/types/invites.ts";
import type { JoinedRoom } from "../../lib/local_api/types/rooms.ts";
import type {
  MemberDone,
  MemberRequest,
} from "../../lib/local_api/types/private_rooms.ts";
import { defined } from "../../lib/defined.ts";
import { MOST_INVITES } from "../../lib/sealed/epoch_state.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { WantedState } from "./sealed/epoch_maker.ts";
import { withoutMembers } from "./sealed/leave_gate.ts";
import type { People } from "./read/people.ts";
import type { SealedRooms } from "./sealed_rooms.ts";
import type { SessionOptions } from "./session_options.ts";
import type { StoredState } from "./stored_state.ts";

export interface PrivateMembersOptions {
  readonly options: SessionOptions;
  readonly stored: Pick<StoredState, "privateRooms">;
  readonly sealed: SealedRooms;
  readonly people: Pick<People, "whole">;
}

/** The term of what somebody who was added joins by; milliseconds. */
const ADDED_FOR_MS = 7 * 24 * 3_600_000;
const KEY = 32;

/** Who is in private rooms, and who is to be. Each rejects with a `Failure`. */
export class PrivateMembers {
  readonly #options: PrivateMembersOptions;

  constructor(options: PrivateMembersOptions) {
    this.#options = options;
  }

  /** Writes an invitation, which the room knows before anybody has it. */
  async invite(request: InviteRequest): Promise<Invite> {
    const { options: { settings, clock, randomBytes }, sealed } = this.#options;
    const { room: name, for_ms, uses = 1 } = request;
    const { maker } = sealed.engine;
    const until = Math.floor((clock.wall() + for_ms) / 1000) * 1000;
    const seed = randomBytes(KEY);
    const { id: pub } = await Identity.fromSeed(seed);
    await maker.change(name, (state) => {
      if (state.invites.length >= MOST_INVITES) {
        throw new Failure("LIMIT_REACHED", {
          fields: { relay_message: `${MOST_INVITES} open invitations` },
        });
      }
      const invite = { pub, by: settings.agentId, until, uses };
      return { ...state, invites: [...state.invites, invite] };
    });
    const invite = await this.#writeInvite(name, { until, seed });
    const { agentId: by, agentName, relayUrls: [relay] } = settings;
    return {
      ...{ invite, room: name, relay, by, name: agentName, until },
      ...{ private: true as const, uses },
    };
  }

  /** Adds, removes, or makes an admin. */
  async member(request: MemberRequest): Promise<MemberDone> {
    const { options: { clock, randomBytes }, sealed, people } = this.#options;
    const { room: name, agent, change } = request;
    const { maker, book } = sealed.engine;
    book.place(name);
    const room = await book.room(name);
    const id = people.whole(agent, room.inForce?.state.members ?? []);
    const without = change === "remove" ? id : undefined;
    maker.checkAdmin(room, without);
    const { agentId: me } = this.#options.options.settings;
    const wanted = (state: WantedState) =>
      changed(state, { id, change, me, name });
    const { state: now } = room.inForce!;
    // What is so already, on each branch, needs no new key.
    const isSo = room.standing?.loose.length === 0 && wanted(now) === now;
    const state = isSo ? now : await maker.change(name, wanted, without);
    const done = {
      ...{ room: name, agent: id, change, epoch: room.inForce?.n ?? 0 },
      members: state.members.length,
    };
    if (change !== "add") return done;
    const until = Math.floor((clock.wall() + ADDED_FOR_MS) / 1000) * 1000;
    const seed = randomBytes(KEY);
    return { ...done, invite: await this.#writeInvite(name, { until, seed }) };
  }

  /** A room as its members know it: those who have its key, not who is at the relay. */
  async view(there: JoinedRoom): Promise<JoinedRoom> {
    const { sealed, options: { settings } } = this.#options;
    const { book } = sealed.engine;
    const room = await book.room(there.name);
    const { inForce } = room;
    const { agentId: me } = settings;
    const refused = sealed.refusalOf(there.name);
    const here = new Map(there.members.map((one) => [one.id, one]));
    const { members = [], admins = [], topic = "", at = 0 } = inForce?.state ??
      {};
    return {
      ...{ name: there.name, topic, tags: [] },
      members: members.map((id) => {
        const one = here.get(id);
        return {
          ...{ id, name: one?.name ?? "", joined_at: one?.joined_at ?? at },
          connected: one !== undefined && one.connected !== false,
          ...defined({
            last_heard: one?.last_heard,
            wakeable: one?.wakeable,
            woken_at: one?.woken_at,
            name_conflict: one?.name_conflict,
          }),
          ...(admins.includes(id) ? { admin: true as const } : {}),
          ...(room.heard.get(id)?.twoAt === undefined
            ? {}
            : { two_daemons: true as const }),
        };
      }),
      private: {
        ...defined({ epoch: inForce?.n }),
        behind: room.isBehind,
        ...(room.isBehind ? { newer_named_by: room.namers } : {}),
        ...(refused === undefined ? {} : { refused }),
        member: inForce !== undefined && !room.isRemoved(me),
      },
    };
  }

  async #writeInvite(
    name: RoomName,
    { until, seed }: { readonly until: number; readonly seed: Uint8Array },
  ): Promise<string> {
    const { options: { writeInvite }, stored } = this.#options;
    const place = stored.privateRooms.get(name);
    if (place === undefined) {
      throw new Failure("NOT_PRIVATE", { fields: { room: name } });
    }
    const { wire, root } = place;
    return await writeInvite({
      ...{ room: name, until, sealed: { wire, root, seed } },
    });
  }
}

/** @throws Failure NOT_ADMIN or USAGE */
function changed(
  state: WantedState,
  { id, change, me, name }: {
    readonly id: string;
    readonly change: MemberRequest["change"];
    readonly me: string;
    readonly name: RoomName;
  },
): WantedState {
  const { members, admins } = state;
  if (change === "add") {
    return members.includes(id)
      ? state
      : { ...state, members: [...members, id] };
  }
  if (!members.includes(id)) throw usage("that agent is no member");
  if (change === "admin") {
    return admins.includes(id) ? state : { ...state, admins: [...admins, id] };
  }
  if (id === me) {
    throw usage("an admin does not remove itself", "leave the room");
  }
  const isAbove = admins.includes(id) &&
    admins.indexOf(id) < admins.indexOf(me);
  if (isAbove) {
    throw new Failure("NOT_ADMIN", {
      fields: { room: name, reason: "that agent is an admin of higher rank" },
    });
  }
  return withoutMembers(state, (one) => one === id);
}

function usage(reason: string, fix = "see agentnet who ROOM"): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
