import { unreachable } from "../../../lib/protocol/frames.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { RemovedOfRoom, StoreReady } from "../../store/contract.ts";
import { CLOSE, type Now } from "../events.ts";
import type { BanOp, RoomsOp, SeatOp } from "../log/op.ts";
import type { Refusal } from "../replies.ts";
import { Blobs } from "./blobs.ts";
import { Directs } from "./directs.ts";
import { Membership } from "./membership.ts";
import { Messages } from "./messages.ts";
import { passMarks } from "./receipt_marks.ts";
import { RESTORED, type Room } from "./room.ts";
import { RoomEnding } from "./room_ending.ts";
import type { RoomPage, RoomQuery } from "./room_index.ts";
import { type Origin, type RoomsOptions, RoomsState } from "./rooms_state.ts";
import type { Seat } from "./seat.ts";
import { restoreSeats, type SeatRows } from "./seat_rows.ts";
import { Sessions } from "./sessions.ts";

/**
 * The rules of rooms: who is logged in, who is in which room, messages, how rooms end. Ops in, rows and effects out.
 * What it decides follows from the ops, their order and the times that came with them alone: relays that apply the same
 * log decide the same.
 */
export class RoomsCore {
  readonly #state: RoomsState;
  readonly #ending: RoomEnding;
  readonly #membership: Membership;
  readonly #sessions: Sessions;
  readonly #messages: Messages;
  readonly #directs: Directs;
  readonly #blobs: Blobs;
  #lastSweep = 0;

  constructor(options: RoomsOptions) {
    const state = this.#state = new RoomsState(options);
    this.#ending = new RoomEnding(state);
    this.#membership = new Membership(state, this.#ending);
    this.#sessions = new Sessions(state, this.#membership);
    this.#messages = new Messages(state);
    this.#directs = new Directs(state);
    this.#blobs = new Blobs(state);
  }

  /** Takes over the rooms on disk; before any op. Each room waits for its members for the grace time. */
  restore(ready: StoreReady, now: Now): void {
    const { rooms, settings } = this.#state;
    this.#restoreRooms(ready);
    for (const room of rooms) {
      room.grace(RESTORED, now.mono + settings.roomGraceMs);
    }
    this.#ending.restored(ready.rooms, now);
  }

  /** Takes over a view whole: who was where, too. @param now the log's time, by which its rows go */
  restoreView(ready: StoreReady, rows: SeatRows, now: Now): void {
    this.#restoreRooms(ready);
    restoreSeats(this.#state, rows);
    this.#ending.restoredAt(now);
  }

  #restoreRooms({ rooms: stored, closed }: StoreReady): void {
    const { rooms, closedNames } = this.#state;
    closedNames.restore(closed);
    for (const one of stored) {
      rooms.open({
        name: one.name,
        topic: one.topic,
        tags: one.tags,
        createdBy: one.created_by,
        createdAt: one.created_at,
        createdFrom: one.created_from,
        lastActive: one.last_active,
        messages: one.messages,
        bytes: one.bytes,
        ...(one.empty_since === undefined
          ? {}
          : { emptySince: one.empty_since }),
      });
    }
  }

  /** The store removed messages of rooms that go on. */
  removed(rooms: readonly RemovedOfRoom[]): void {
    for (const { room: name, messages, bytes } of rooms) {
      const room = this.#state.rooms.get(name);
      if (room === undefined) continue;
      const change = { messages: -messages, bytes: -bytes };
      this.#state.emptyRooms.resize(room, change);
    }
  }

  /** Time passes by {@link RoomsCore.tick}. @param origin the relay that submitted it. */
  apply(op: RoomsOp, origin: Origin, now: Now): void {
    switch (op.op) {
      case "kick":
        return this.#kick(op.agent, now);
      case "ban":
        return this.#ban(op, now);
      case "close":
        return this.#close(op.room, now);
      case "blob_reserve":
      case "blob_keep":
      case "blob_drop":
        return this.#blobs.apply(op, origin, now);
      case "login":
        this.#sessions.login(op, origin, now);
        return this.#state.settled(op, origin);
      default:
        return this.#applySeat(op, origin, now);
    }
  }

  /** A relay is gone, or has begun anew: its seats are as if their lines had dropped. */
  nodeGone(node: string, now: Now): void {
    for (const seat of [...this.#state.sessions.values()]) {
      if (seat.node === node) this.#sessions.end(seat, NODE_GONE, now);
    }
  }

  /** What time ends: who is not back, rooms that are empty or silent for too long. */
  tick(now: Now): void {
    this.#membership.sweep(now);
    this.#ending.sweep(now);
    if (now.mono - this.#lastSweep < SWEEP_MS) return;
    this.#lastSweep = now.mono;
    this.#state.ages.sweep(now.mono);
    this.#state.logins.sweep(now.mono);
  }

  /** The agent's seat, wherever it is. */
  session(agent: string): Seat | undefined {
    return this.#state.sessions.get(agent);
  }

  room(name: string): Room | undefined {
    return this.#state.rooms.get(name);
  }

  page(query: RoomQuery): RoomPage {
    return this.#state.rooms.page(query);
  }

  /** Whether an operator closed the room of that name not long ago. */
  wasClosed(name: RoomName, { wall }: Now): boolean {
    return this.#state.closedNames.has(name, wall);
  }

  /** Milliseconds until the agent has been here for so long; 0 when it has. */
  ageWait(agent: string, wantedMs: number, { mono }: Now): number {
    return this.#state.ages.wait(agent, wantedMs, mono);
  }

  /** Why an agent may not open a room of the name, or null. */
  createRefusal(seat: Seat, name: RoomName): Refusal | null {
    return this.#membership.createRefusal(seat, name);
  }

  /** Why an agent may not be in the room, or null. */
  joinRefusal(seat: Seat, room: Room | undefined): Refusal | null {
    return this.#membership.joinRefusal(seat, room);
  }

  /** Whether the agent is logged in, at whichever relay. */
  hasAgent(agent: string): boolean {
    return this.#state.sessions.has(agent);
  }

  /** Whether an operator of a cluster refuses the agent. */
  isBanned(agent: string): boolean {
    return this.#state.bans.has(agent);
  }

  get bans(): Iterable<string> {
    return this.#state.bans;
  }

  get sessions(): Iterable<Seat> {
    return this.#state.sessions.values();
  }

  get rooms(): Iterable<Room> {
    return this.#state.rooms;
  }

  /** How many rows its tables have. */
  sizes(): Record<"seats" | "rooms" | "emptyRooms" | "ages", number> {
    const { sessions, rooms, emptyRooms, ages } = this.#state;
    return {
      seats: sessions.size,
      rooms: rooms.size,
      emptyRooms: emptyRooms.size,
      ages: ages.size,
    };
  }

  #kick(agent: string, now: Now): void {
    const seat = this.#state.sessions.get(agent);
    if (seat === undefined) return;
    const reason = "ended by the operator";
    this.#sessions.end(seat, { code: CLOSE.operator, reason }, now);
  }

  #ban({ agent, isBanned }: BanOp, now: Now): void {
    const { bans, changes } = this.#state;
    if (isBanned) bans.add(agent);
    else bans.delete(agent);
    changes?.ban(agent);
    if (isBanned) this.#kick(agent, now);
  }

  #close(name: string, now: Now): void {
    const room = this.#state.rooms.get(name);
    if (room !== undefined) this.#ending.close(room, now);
  }

  #applySeat(
    op: Exclude<SeatOp, { readonly op: "login" }>,
    origin: Origin,
    now: Now,
  ): void {
    const seat = this.#state.seatOf(op, origin);
    if (seat === undefined) return this.#state.settled(op, origin);
    seat.heardAt = now.wall;
    switch (op.op) {
      case "message":
        return this.#messages.message(seat, op, now);
      case "direct":
        return this.#directs.direct(seat, op, now);
      case "direct_ack":
        return this.#directs.ack(seat, op, now);
      case "create":
        return this.#membership.create(seat, op, now);
      case "join":
        this.#membership.join(seat, op, now);
        break;
      case "leave":
        this.#membership.leave(seat, op, now);
        break;
      case "marks":
        passMarks(this.#state, seat, op);
        break;
      case "presence":
        seat.presence = presenceOf(op);
        this.#state.changes?.session(seat.agent);
        break;
      case "drop":
        this.#sessions.drop(seat, now);
        break;
      default:
        unreachable(op);
    }
    this.#state.settled(op, origin);
  }
}

/** How often tables are rid of what has expired. */
const SWEEP_MS = 10_000;

/** Only said to connections of a relay that reads that it was taken for gone. */
const NODE_GONE = {
  code: CLOSE.goingAway,
  reason: "the relay was out of touch with the others",
};

function presenceOf(
  { wakeable, woken_at }: Extract<SeatOp, { readonly op: "presence" }>,
): Seat["presence"] {
  return { wakeable, ...(woken_at === undefined ? {} : { woken_at }) };
}
