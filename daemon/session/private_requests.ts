import { pause } from "../../lib/clock.ts";
import { type ErrorCode, Failure } from "../../lib/errors.ts";
import type {
  CreateRequest,
  JoinedRoom,
  LeaveRequest,
  LeftRoom,
} from "../../lib/local_api/types/rooms.ts";
import type {
  PrivateJoin,
  PrivateJoinRequest,
} from "../../lib/local_api/types/private_rooms.ts";
import { defined } from "../../lib/defined.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { SealedInvitation } from "../../lib/invites/invite_text.ts";
import { INVITATION_END_TEXT } from "../../lib/protocol/invitation_ends.ts";
import { readInvite } from "../../lib/invites/read_invite.ts";
import { isPrivateWire, privateWire } from "../../lib/sealed/sealed_text.ts";
import type { PrivateRoom } from "../mailbox/private_rooms.ts";
import type { WantedState } from "./sealed/epoch_maker.ts";
import type { PrivateMembers } from "./private_members.ts";
import type { RoomRequests } from "./room_requests.ts";
import type { SealedRooms } from "./sealed_rooms.ts";
import type { SessionOptions } from "./session_options.ts";
import type { StoredState } from "./stored_state.ts";
import { freeName } from "./free_name.ts";

export interface PrivateRequestsOptions {
  readonly options: SessionOptions;
  readonly stored: StoredState;
  readonly sealed: SealedRooms;
  readonly requests: RoomRequests;
  readonly members: Pick<PrivateMembers, "view">;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/** How long a request to be let in is waited for; milliseconds. */
const LET_IN_MS = 10_000;
const WIRE_ROOM = 16;

/** Making, entering and changing private rooms, as asked for. Each rejects with a `Failure`. */
export class PrivateRequests {
  readonly #options: PrivateRequestsOptions;

  constructor(options: PrivateRequestsOptions) {
    this.#options = options;
  }

  /** Makes a private room: its key first, then the room at the relay, whose name says nothing. */
  async create(request: CreateRequest): Promise<JoinedRoom> {
    const { options: { settings, randomBytes, clock }, stored, sealed } =
      this.#options;
    const { room: name, topic, history } = request;
    this.#checkFree(name);
    const { maker, book, control } = sealed.engine;
    const wire = privateWire(randomBytes(WIRE_ROOM));
    const { agentId: me } = settings;
    const state: WantedState = {
      ...{ title: name, members: [me], admins: [me], invites: [] },
      ...defined({ topic: topic || undefined }),
    };
    const isPastShown = history !== "join";
    const { hash, body } = await maker.first(wire, { state, isPastShown });
    const place: PrivateRoom = {
      ...{ name, wire, root: hash, anchor: hash, inviter: me },
      joinedAt: clock.wall(),
    };
    // All that the room is, before anybody hears of it.
    stored.database.durably(() => {
      stored.privateRooms.save(place);
      stored.epochRecords.add(name, { hash, author: me, body, sent: false });
    });
    try {
      await this.#options.requests.create({ room: name });
    } catch (error) {
      stored.privateRooms.forget(name);
      throw error;
    }
    const room = await book.room(name);
    if (control.isOpen(name)) await maker.handOver(room, { hash, body });
    return await this.#options.members.view(
      this.#options.requests.members(name),
    );
  }

  /** Asks to be let in by an invitation; waits a while for that. */
  async join({ invite }: PrivateJoinRequest): Promise<PrivateJoin> {
    const { options: { settings, clock }, sealed, stored, closed } =
      this.#options;
    const { room, by, sealed: how, relay, name } = readInvite(
      invite,
      clock.wall(),
    );
    if (how === undefined) throw usage("this invitation is to a public room");
    if (!settings.relayUrls.includes(relay.href)) {
      throw new Failure("INVITE_OTHER_RELAY", {
        fields: { invited: relay.href, known: settings.relayUrls[0] },
      });
    }
    const here = await this.#enter({ room, how, by });
    const { asking, book } = sealed.engine;
    const letIn = sealed.engine.letIn.wait(here);
    await asking.ask(await book.room(here));
    const patience = new AbortController();
    await Promise.race([
      letIn.then(() => patience.abort()),
      pause(clock, {
        ms: LET_IN_MS,
        signal: AbortSignal.any([patience.signal, closed]),
      }),
    ]);
    const isIn = await sealed.engine.isIn(here);
    const refused = isIn ? undefined : asking.refusalOf(here);
    if (refused !== undefined) {
      const reason = INVITATION_END_TEXT[refused];
      throw new Failure("INVITE_REFUSED", {
        fields: { room: here, reason },
      });
    }
    const view = await this.#options.members.view(
      this.#options.requests.members(here),
    );
    const members = stored.rooms.get(here)?.view.members ?? [];
    const admin = members.find(({ id }) => id === by);
    sealed.connected();
    return {
      status: isIn ? "joined" : "asked",
      room: view,
      admin: {
        ...{ id: by, name: admin?.name ?? name },
        connected: admin !== undefined,
      },
    };
  }

  /** Leaves a room, and is a member no longer once an admin's daemon has heard of it. */
  async leave({ room: name, force }: LeaveRequest): Promise<LeftRoom> {
    const { requests, sealed, stored } = this.#options;
    const { leaving } = sealed.engine;
    await leaving.stepDown(name);
    const isAlone = await leaving.leavesNoAdmin(name);
    if (isAlone && !force) {
      throw new Failure("LAST_ADMIN", { fields: { room: name } });
    }
    const isTold = await leaving.say(name) && !isAlone;
    const left = await requests.leave(name);
    sealed.engine.forget(name);
    stored.privateRooms.forget(name);
    return isTold ? left : { ...left, still_member: true };
  }

  /** @throws Failure where the name is a room's here already, or is kept for the wire. */
  #checkFree(name: RoomName): void {
    if (this.#options.stored.rooms.get(name) === undefined) return;
    throw new Failure("ROOM_EXISTS", { fields: { room: name } });
  }

  /** Enters a room by an invitation, which may be known here already. @returns what it is called here */
  async #enter(
    { room, how, by }: {
      readonly room: RoomName;
      readonly how: SealedInvitation;
      readonly by: string;
    },
  ): Promise<RoomName> {
    const { options: { clock }, stored, requests, sealed } = this.#options;
    const { privateRooms, rooms } = stored;
    const { wire, seed, root } = how;
    const had = privateRooms.byWire(wire);
    const name = had?.name ?? freeName(room, rooms);
    sealed.engine.asking.forget(name);
    if (had?.anchor === undefined) {
      privateRooms.save({
        ...{ name, wire, root, inviter: by, seed, stays: true },
        joinedAt: had?.joinedAt ?? clock.wall(),
      });
    } else privateRooms.save({ ...had, seed, stays: true });
    try {
      if (rooms.get(name)?.joined !== true) await this.#enterWire(name);
    } catch (error) {
      if (had === undefined) privateRooms.forget(name);
      throw error;
    }
    return requests.members(name).name;
  }

  /**
   * Where nobody is there the room has ended at the relay: whoever comes makes it again. One of several relays may only not
   * have heard of it yet: by the time that it says so of the making, it has.
   */
  async #enterWire(name: RoomName): Promise<void> {
    const { requests } = this.#options;
    const join = () => requests.join(name);
    const make = () => requests.create({ room: name });
    await join().catch(elseOn("ROOM_NOT_FOUND", make))
      .catch(elseOn("ROOM_EXISTS", join));
  }
}

/** Does something else where that is what went wrong. */
function elseOn<T>(code: ErrorCode, other: () => Promise<T>) {
  return (error: unknown): Promise<T> => {
    if (Failure.from(error).code !== code) throw error;
    return other();
  };
}

/** A public room can't have the name of a private one, or of a talk. @throws Failure USAGE */
export function checkPublicName(name: string): void {
  checkNoTalk(name);
  if (!isPrivateWire(name)) return;
  throw usage(
    "names of this form are those of private rooms",
    "join one by its invitation",
  );
}

/** @throws Failure USAGE */
export function checkNoTalk(name: string): void {
  if (!name.startsWith("@")) return;
  throw usage(
    "that is the talk with one agent, which is there by itself",
    "write in it: agentnet dm KEY TEXT; hear no more of it: agentnet mute KEY",
  );
}

function usage(reason: string, fix = "see agentnet who ROOM"): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
