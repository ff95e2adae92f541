import { CLOSED_BY_OPERATOR } from "../../../lib/protocol/closed_reasons.ts";
import type {
  RoomCreate,
  RoomJoin,
  RoomLeave,
  Signed,
} from "../../../lib/protocol/frames.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Now } from "../events.ts";
import type { CreateOp } from "../log/op.ts";
import { limited, NO_ROOM, notIn, tooNew } from "../refusals.ts";
import { frameText, type Refusal } from "../replies.ts";
import { BOUNDS } from "../settings.ts";
import { composed } from "../texts.ts";
import { answers, challenge } from "./challenges.ts";
import type { Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";

/** Creating, joining and leaving rooms (protocol.md section 4): what is refused here costs the log nothing. */
export class RoomRequests {
  readonly #state: EdgeState;

  constructor(state: EdgeState) {
    this.#state = state;
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
    const { room } = frame;
    this.#state.submit(conn, { op: "join", room, ...byOf(conn, frame) }, now);
  }

  leave(conn: Connection, frame: RoomLeave, now: Now): void {
    const { nonces, rooms } = this.#state;
    const room = rooms.room(frame.room);
    const seat = this.#state.seat(conn);
    const isIn = seat !== undefined && room?.has(seat) === true;
    const refusal = nonces.check(conn.agent, frame, now.wall) ??
      (isIn ? null : notIn(room)) ??
      nonces.keep(conn.agent, frame, now.wall);
    if (refusal !== null) {
      return this.#state.refuse(conn, refusal, frame.nonce);
    }
    const { room: name } = frame;
    const op = { op: "leave", room: name, ...byOf(conn, frame) } as const;
    this.#state.submit(conn, op, now);
  }

  /** Who comes back to a room that an operator closed hears why it is gone. */
  #tellClosed(conn: Connection, room: RoomName, now: Now): void {
    if (!conn.features.has("closed")) return;
    const time = this.#state.roomTime(now);
    if (!this.#state.rooms.wasClosed(room, time)) return;
    const reason = CLOSED_BY_OPERATOR;
    this.#state.send(conn, frameText({ type: "room.closed", room, reason }));
  }

  #proof(now: Now): { difficulty: number; now: Now } {
    return { difficulty: this.#state.settings.difficulty.create, now };
  }

  #createRefusal(
    conn: Connection,
    frame: RoomCreate,
    now: Now,
  ): Refusal | null {
    const { nonces, limits, settings, rooms } = this.#state;
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const time = this.#state.roomTime(now);
    const young = rooms.ageWait(conn.agent, settings.createAgeMs, time);
    if (young > 0) return tooNew("create a room", young);
    const wait = limits.createWait(conn, now.mono);
    if (wait > 0) return limited("too many new rooms in this minute", wait);
    const seat = this.#state.seat(conn);
    return seat === undefined ? null : rooms.createRefusal(seat, frame.room);
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
    this.#state.submit(conn, createOp(conn, frame), now);
  }

  #joinRefusal(conn: Connection, frame: RoomJoin, now: Now): Refusal | null {
    const { nonces, limits, settings, rooms } = this.#state;
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const room = rooms.room(frame.room);
    const time = this.#state.roomTime(now);
    const comesBack = (room?.graced.get(conn.agent) ?? -1) >= time.mono;
    if (!comesBack) {
      const young = rooms.ageWait(conn.agent, settings.joinAgeMs, time);
      if (young > 0) return tooNew("join a room", young);
    }
    const wait = comesBack
      ? limits.rejoin(conn, now.mono)
      : limits.join(conn.agent, now.mono);
    if (wait > 0) return limited("too many joins in this minute", wait);
    const seat = this.#state.seat(conn);
    return nonces.keep(conn.agent, frame, now.wall) ??
      (seat === undefined ? null : rooms.joinRefusal(seat, room));
  }
}

/** Whose op a frame becomes. */
function byOf(
  { id: conn, agent }: Connection,
  { nonce, timestamp }: Signed,
): { conn: number; agent: string; nonce: string; timestamp: number } {
  return { conn, agent, nonce, timestamp };
}

function createOp(conn: Connection, frame: RoomCreate): CreateOp {
  return {
    op: "create",
    room: frame.room,
    topic: composed(frame.topic),
    tags: [...new Set(frame.tags.map(composed))],
    address: conn.address,
    ...byOf(conn, frame),
  };
}
