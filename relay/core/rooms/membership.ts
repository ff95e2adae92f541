import { CLOSED_BY_OPERATOR } from "../../../lib/protocol/closed_reasons.ts";
import type {
  RoomCreate,
  RoomJoin,
  RoomLeave,
} from "../../../lib/protocol/frames.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { answers, challenge } from "../edge/challenges.ts";
import type { Connection } from "../edge/connection.ts";
import type { Now } from "../events.ts";
import {
  limited,
  NO_ROOM,
  notIn,
  storageTrouble,
  tooNew,
} from "../refusals.ts";
import {
  frameText,
  memberText,
  type Refusal,
  roomJoinedText,
} from "../replies.ts";
import type { Membership as Member, Room } from "./room.ts";
import type { RoomEnding } from "./room_ending.ts";
import { BOUNDS } from "../settings.ts";
import type { CoreState, NewRequest } from "../state.ts";
import { composed } from "../texts.ts";

/** Asks the store for a connection: its later frames wait for the outcome. */
export type AskStore = (
  conn: Connection,
  request: NewRequest,
  onAnswer: Parameters<CoreState["store"]>[1],
) => void;

export interface MembershipParts {
  readonly state: CoreState;
  readonly ending: RoomEnding;
  readonly ask: AskStore;
}

/** Creating, joining and leaving rooms (protocol.md section 4). Each method answers the frame itself. */
export class Membership {
  readonly #state: CoreState;
  readonly #ending: RoomEnding;
  readonly #ask: AskStore;

  constructor(parts: MembershipParts) {
    this.#state = parts.state;
    this.#ending = parts.ending;
    this.#ask = parts.ask;
  }

  create(conn: Connection, frame: RoomCreate, now: Now): void {
    const refusal = this.#createRefusal(conn, frame, now);
    if (refusal !== null) {
      return this.#state.refuse(conn, refusal, frame.nonce);
    }
    if (frame.pow === undefined) {
      const made = challenge(this.#state, conn, this.#proof(now));
      conn.createChallenges = [...conn.createChallenges, made]
        .slice(-BOUNDS.createChallenges);
      return;
    }
    this.#createProven(conn, { ...frame, pow: frame.pow }, now);
  }

  join(conn: Connection, frame: RoomJoin, now: Now): void {
    const refusal = this.#joinRefusal(conn, frame, now);
    if (refusal === NO_ROOM) this.#tellClosed(conn, frame.room, now);
    if (refusal !== null) {
      return this.#state.refuse(conn, refusal, frame.nonce);
    }
    const room = this.#state.rooms.get(frame.room) as Room;
    if (!room.has(conn)) this.#enter(conn, room, now);
    this.#state.send(conn, roomJoinedText(room));
  }

  /** Who comes back to a room that an operator closed hears why it is gone. */
  #tellClosed(conn: Connection, room: RoomName, now: Now): void {
    if (!conn.features.has("closed")) return;
    if (!this.#state.closedNames.has(room, now.wall)) return;
    const reason = CLOSED_BY_OPERATOR;
    this.#state.send(conn, frameText({ type: "room.closed", room, reason }));
  }

  leave(conn: Connection, frame: RoomLeave, now: Now): void {
    const { nonces } = this.#state;
    const room = this.#state.rooms.get(frame.room);
    const refusal = nonces.check(conn.agent, frame, now.wall) ??
      (room?.has(conn) ? null : notIn(room)) ??
      nonces.keep(conn.agent, frame, now.wall);
    if (refusal !== null || room === undefined) {
      return this.#state.refuse(conn, refusal ?? notIn(room), frame.nonce);
    }
    this.#left(room, this.#exit(conn, room));
    const keptUntil = this.#ending.left(room, now);
    if (!conn.features.has("left")) return;
    const others = room.members.size;
    this.#state.send(
      conn,
      frameText({
        ...{ type: "room.left", room: room.name, others },
        ...(others > 0 || keptUntil === undefined
          ? {}
          : { kept_until: Math.ceil(keptUntil) }),
      }),
    );
  }

  /**
   * The connection is gone: its agent leaves every room at once, and may come back within the grace time. The others
   * hear of it in a moment, if it is not back by then.
   */
  dropped(conn: Connection, now: Now): void {
    const { settings, limits, departures } = this.#state;
    const until = now.mono + settings.roomGraceMs;
    const logins = limits.logins(conn.agent, now.mono);
    for (const room of [...conn.rooms]) {
      departures.dropped(room, this.#exit(conn, room), logins, now);
      room.graced.set(conn.agent, until);
    }
  }

  /** Tells of those who are not back. */
  sweep(now: Now): void {
    for (const { room, membership } of this.#state.departures.over(now)) {
      this.#left(room, membership);
    }
  }

  #proof(now: Now): { difficulty: number; now: Now } {
    return { difficulty: this.#state.settings.difficulty.create, now };
  }

  /** One who is back before its going was told was never gone for the others, unless it has another name. */
  #enter(conn: Connection, room: Room, now: Now): void {
    const { agent: id, name } = conn;
    const earlier = room.lingering.get(id);
    if (earlier?.name !== name) {
      this.#state.broadcast(
        [...room.conns],
        memberText("room.member_joined", room, { id, name }),
      );
    }
    const joinedAt = earlier?.joinedAt ?? now.wall;
    this.#state.rooms.enter(room, { conn, name, joinedAt });
    this.#ending.entered(room, now);
  }

  /** @returns what it was there as. */
  #exit(conn: Connection, room: Room): Member {
    const { agent, name } = conn;
    const member = room.members.get(agent) ?? { conn, name, joinedAt: 0 };
    this.#state.rooms.exit(room, conn);
    return member;
  }

  #left(room: Room, { conn, name }: Member): void {
    this.#state.broadcast(
      [...room.conns],
      memberText("room.member_left", room, { id: conn.agent, name }),
    );
  }

  #createRefusal(
    conn: Connection,
    frame: RoomCreate,
    now: Now,
  ): Refusal | null {
    const { nonces, limits, ages, settings, rooms } = this.#state;
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const young = ages.wait(conn.agent, settings.createAgeMs, now.mono);
    if (young > 0) return tooNew("create a room", young);
    const wait = limits.createWait(conn, now.mono);
    if (wait > 0) return limited("too many new rooms in this minute", wait);
    if (conn.rooms.size >= limits.settings.roomsPerAgent) {
      return limited("this agent is in as many rooms as it may be");
    }
    if (rooms.isTaken(frame.room)) {
      return { code: "ROOM_EXISTS", message: "the room exists" };
    }
    return this.#ending.hasPlace
      ? null
      : limited("the relay has as many rooms as it holds");
  }

  /** A try uses its challenge up, whatever comes of it. */
  #createProven(
    conn: Connection,
    frame: RoomCreate & { readonly pow: NonNullable<RoomCreate["pow"]> },
    now: Now,
  ): void {
    const { limits, nonces } = this.#state;
    const mine = conn.createChallenges.find(({ text }) =>
      text === frame.pow.challenge
    );
    conn.createChallenges = conn.createChallenges.filter((c) => c !== mine);
    if (mine === undefined || !answers(frame.pow, mine, this.#proof(now))) {
      const message = "the proof of work does not fit";
      const refusal: Refusal = { code: "AUTH_FAILED", message };
      return this.#state.refuse(conn, refusal, frame.nonce);
    }
    limits.countCreate(conn, now.mono);
    const full = nonces.keep(conn.agent, frame, now.wall);
    if (full !== null) return this.#state.refuse(conn, full, frame.nonce);
    this.#open(conn, frame, now);
  }

  /** The room is there once it is on disk, so that nobody joins what a restart would take away. */
  #open(conn: Connection, frame: RoomCreate, now: Now): void {
    const { rooms } = this.#state;
    const facts = {
      name: frame.room,
      topic: composed(frame.topic),
      tags: [...new Set(frame.tags.map(composed))],
      createdBy: conn.agent,
      createdFrom: conn.address,
      createdAt: now.wall,
      lastActive: now.wall,
      ...{ messages: 0, bytes: 0 },
    };
    rooms.reserve(facts.name);
    this.#ask(conn, {
      kind: "room_opened",
      room: facts.name,
      topic: facts.topic,
      tags: facts.tags,
      created_by: facts.createdBy,
      created_from: facts.createdFrom,
      created_at: facts.createdAt,
    }, (answer, later) => {
      if (answer.kind !== "stored") {
        rooms.release(facts.name);
        return this.#state.refuse(conn, storageTrouble(), frame.nonce);
      }
      this.#ending.makePlace();
      this.#state.closedNames.remove(facts.name);
      this.#opened(conn, rooms.open(facts), later);
    });
  }

  #opened(conn: Connection, room: Room, now: Now): void {
    if (this.#state.byAgent.get(conn.agent) !== conn) {
      room.graced.set(
        conn.agent,
        now.mono + this.#state.settings.roomGraceMs,
      );
      return;
    }
    this.#enter(conn, room, now);
    this.#state.send(conn, roomJoinedText(room));
  }

  #joinRefusal(conn: Connection, frame: RoomJoin, now: Now): Refusal | null {
    const { nonces, limits, ages, settings, rooms } = this.#state;
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const room = rooms.get(frame.room);
    const comesBack = (room?.graced.get(conn.agent) ?? -1) >= now.mono;
    if (!comesBack) {
      const young = ages.wait(conn.agent, settings.joinAgeMs, now.mono);
      if (young > 0) return tooNew("join a room", young);
    }
    const wait = comesBack
      ? limits.rejoin(conn, now.mono)
      : limits.join(conn.agent, now.mono);
    if (wait > 0) return limited("too many joins in this minute", wait);
    return nonces.keep(conn.agent, frame, now.wall) ??
      this.#roomRefusal(conn, room);
  }

  #roomRefusal(conn: Connection, room: Room | undefined): Refusal | null {
    const { settings } = this.#state.limits;
    if (room === undefined) return NO_ROOM;
    if (room.has(conn)) return null;
    if (conn.rooms.size >= settings.roomsPerAgent) {
      return limited("this agent is in as many rooms as it may be");
    }
    return room.members.size >= settings.membersPerRoom
      ? limited("the room is full")
      : null;
  }
}
