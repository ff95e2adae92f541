import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Now } from "../events.ts";
import type { CreateOp, JoinOp, LeaveOp } from "../log/op.ts";
import { limited, NO_ROOM, notIn, storageTrouble } from "../refusals.ts";
import {
  frameText,
  memberText,
  type Refusal,
  roomJoinedText,
} from "../replies.ts";
import type { Membership as Member, Room, RoomFacts } from "./room.ts";
import type { RoomEnding } from "./room_ending.ts";
import type { RoomsState } from "./rooms_state.ts";
import type { Seat } from "./seat.ts";

/** Who is in which room: creating, joining, leaving, and being gone. Each method says what its op has to say. */
export class Membership {
  readonly #state: RoomsState;
  readonly #ending: RoomEnding;

  constructor(state: RoomsState, ending: RoomEnding) {
    this.#state = state;
    this.#ending = ending;
  }

  /**
   * Opens a room, and its maker is in it. It is there once it is on disk, so that nobody joins what a restart would take
   * away; settles then.
   */
  create(seat: Seat, op: CreateOp, now: Now): void {
    const refusal = this.createRefusal(seat, op.room);
    if (refusal !== null) {
      this.#state.refuse(seat, refusal, op.nonce);
      return this.#state.settled(op, seat);
    }
    const { rooms } = this.#state;
    const facts = factsOf(seat, op, now);
    rooms.reserve(facts.name);
    this.#state.write({
      kind: "room_opened",
      room: facts.name,
      topic: facts.topic,
      tags: facts.tags,
      created_by: facts.createdBy,
      created_from: facts.createdFrom,
      created_at: facts.createdAt,
    }, (answer, later) => {
      if (answer.kind === "stored") this.#opened(seat, facts, later);
      else {
        rooms.release(facts.name);
        this.#state.refuse(seat, storageTrouble(), op.nonce);
      }
      this.#state.settled(op, seat);
    });
  }

  join(seat: Seat, op: JoinOp, now: Now): void {
    const room = this.#state.rooms.get(op.room);
    const refusal = this.joinRefusal(seat, room);
    if (refusal !== null || room === undefined) {
      return this.#state.refuse(seat, refusal ?? NO_ROOM, op.nonce);
    }
    if (!room.has(seat)) this.#enter(seat, room, now);
    this.#state.send(seat, () => roomJoinedText(room));
  }

  leave(seat: Seat, op: LeaveOp, now: Now): void {
    const room = this.#state.rooms.get(op.room);
    if (!room?.has(seat)) {
      return this.#state.refuse(seat, notIn(room), op.nonce);
    }
    this.#left(room, this.#exit(seat, room));
    const keptUntil = this.#ending.left(room, now);
    if (!seat.features.has("left")) return;
    const others = room.members.size;
    this.#state.send(seat, () =>
      frameText({
        ...{ type: "room.left", room: room.name, others },
        ...(others > 0 || keptUntil === undefined
          ? {}
          : { kept_until: Math.ceil(keptUntil) }),
      }));
  }

  /**
   * The connection is gone: its agent leaves every room at once, and may come back within the grace time. The others
   * hear of it in a moment, if it is not back by then.
   */
  dropped(seat: Seat, now: Now): void {
    const { settings, logins, departures } = this.#state;
    const until = now.mono + settings.roomGraceMs;
    const count = logins.counted(seat.agent, now.mono);
    for (const room of [...seat.rooms]) {
      departures.dropped(room, this.#exit(seat, room), count, now);
      room.grace(seat.agent, until);
    }
  }

  /** Tells of those who are not back. */
  sweep(now: Now): void {
    for (const { room, membership } of this.#state.departures.over(now)) {
      this.#left(room, membership);
    }
  }

  /** Why an agent may not open a room of the name, or null. */
  createRefusal(seat: Seat, name: RoomName): Refusal | null {
    const { settings, rooms } = this.#state;
    if (seat.rooms.size >= settings.limits.roomsPerAgent) return IN_TOO_MANY;
    if (rooms.isTaken(name)) {
      return { code: "ROOM_EXISTS", message: "the room exists" };
    }
    return this.#ending.hasPlace
      ? null
      : limited("the relay has as many rooms as it holds");
  }

  /** Why an agent may not be in the room, or null. */
  joinRefusal(seat: Seat, room: Room | undefined): Refusal | null {
    const { limits } = this.#state.settings;
    if (room === undefined) return NO_ROOM;
    if (room.has(seat)) return null;
    if (seat.rooms.size >= limits.roomsPerAgent) return IN_TOO_MANY;
    return room.members.size >= limits.membersPerRoom
      ? limited("the room is full")
      : null;
  }

  /** One who is back before its going was told was never gone for the others, unless it has another name. */
  #enter(seat: Seat, room: Room, now: Now): void {
    const { agent: id, name } = seat;
    const earlier = room.lingering.get(id);
    if (earlier?.seat.name !== name) {
      this.#state.broadcast(
        [...room.conns],
        () => memberText("room.member_joined", room, { id, name }),
      );
    }
    const joinedAt = earlier?.joinedAt ?? now.wall;
    this.#state.rooms.enter(room, { seat, joinedAt });
    this.#ending.entered(room, now);
  }

  /** @returns what it was there as. */
  #exit(seat: Seat, room: Room): Member {
    const member = room.members.get(seat.agent) ?? { seat, joinedAt: 0 };
    this.#state.rooms.exit(room, seat);
    return member;
  }

  #left(room: Room, { seat: { agent: id, name } }: Member): void {
    this.#state.broadcast(
      [...room.conns],
      () => memberText("room.member_left", room, { id, name }),
    );
  }

  #opened(seat: Seat, facts: RoomFacts, now: Now): void {
    const { rooms, closedNames, sessions, settings } = this.#state;
    this.#ending.makePlace();
    closedNames.remove(facts.name);
    const room = rooms.open(facts);
    if (sessions.get(seat.agent) !== seat) {
      room.grace(seat.agent, now.mono + settings.roomGraceMs);
      return;
    }
    this.#enter(seat, room, now);
    this.#state.send(seat, () => roomJoinedText(room));
  }
}

const IN_TOO_MANY = limited("this agent is in as many rooms as it may be");

function factsOf(seat: Seat, op: CreateOp, now: Now): RoomFacts {
  return {
    name: op.room,
    topic: op.topic,
    tags: op.tags,
    createdBy: seat.agent,
    createdFrom: op.address,
    createdAt: now.wall,
    lastActive: now.wall,
    ...{ messages: 0, bytes: 0 },
  };
}
