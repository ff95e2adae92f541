import {
  CLOSED_BY_OPERATOR,
  type ClosedReason,
} from "../../lib/protocol/closed_reasons.ts";
import { SteadyTime } from "../../lib/steady_time.ts";
import type { StoredRoom } from "../store/contract.ts";
import type { EmptyRooms } from "./empty_rooms.ts";
import type { Now } from "./events.ts";
import { frameText } from "./replies.ts";
import type { Room } from "./room.ts";
import type { CoreState } from "./state.ts";

/** How long a clock that jumped must have stayed until rooms end by it; milliseconds, as in the store. */
const CLOCK_LASTS_MS = 3_600_000;

/**
 * How rooms end: by nobody coming back, by silence, by others that need their place, by the operator (protocol.md
 * section 6). A room that nobody is in stays for a while, for whoever comes.
 */
export class RoomEnding {
  readonly #state: CoreState;
  readonly #empty: EmptyRooms;
  /** Rooms live for days: what ends them goes by the wall clock, as far as it is believed. */
  readonly #time = new SteadyTime(CLOCK_LASTS_MS);
  /** Ended rooms that the disk would not forget yet, and until when they are remembered as closed. */
  readonly #unforgotten = new Map<string, number | undefined>();

  constructor(state: CoreState) {
    this.#state = state;
    this.#empty = state.emptyRooms;
  }

  /**
   * The rooms on disk are open. A clock that agrees with what is on disk was right before; where nothing is there, nothing can be
   * lost.
   */
  restored(rooms: readonly StoredRoom[], { wall, mono }: Now): void {
    const newest = rooms.reduce(
      (latest, { last_active, empty_since = 0 }) =>
        Math.max(latest, last_active, empty_since),
      0,
    );
    const age = wall - newest;
    const agrees = age >= 0 && age <= CLOCK_LASTS_MS;
    if (rooms.length === 0 || agrees) this.#time.believe(wall, mono);
    for (const room of this.#state.rooms) {
      if (room.emptySince !== undefined) this.#empty.add(room);
    }
  }

  /** Somebody left by `room.leave`. @returns until when (wall clock) the room stays; undefined where it has ended */
  left(room: Room, now: Now): number | undefined {
    const { roomEmptyMs } = this.#state.settings;
    if (!isDeserted(room, now.mono)) {
      const graceMs = Math.max(0, ...room.graced.values()) - now.mono;
      return now.wall + graceMs + roomEmptyMs;
    }
    if (roomEmptyMs === 0) {
      this.#end(room, "the last member left");
      return undefined;
    }
    this.#emptied(room, now.wall);
    return room.isOpen ? now.wall + roomEmptyMs : undefined;
  }

  /** Somebody came in. */
  entered(room: Room, now: Now): void {
    room.touchedAt = now.wall;
    if (room.emptySince === undefined) return;
    this.#empty.remove(room);
    room.emptySince = undefined;
    this.#note(room);
  }

  /** Ends what nobody came back to and what was silent for too long; tries again what the disk refused. */
  sweep(now: Now): void {
    for (const [name, until] of this.#unforgotten) this.#forget(name, until);
    const time = this.#time.at(now.wall, now.mono);
    for (const room of [...this.#state.rooms]) this.#look(room, now, time);
  }

  /** Whether a new room has a place, or can be given one. */
  get hasPlace(): boolean {
    return !this.#isFull || this.#empty.size > 0;
  }

  /** Gives a new room a place. */
  makePlace(): void {
    if (!this.#isFull) return;
    const next = this.#empty.next();
    if (next !== undefined) this.#end(next, "its place was needed");
  }

  /** The operator ends it. */
  close(room: Room, now: Now): void {
    const until = this.#state.closedNames.add(room.name, now.wall);
    this.#end(room, CLOSED_BY_OPERATOR, until);
  }

  get #isFull(): boolean {
    const { rooms, limits } = this.#state;
    return rooms.size >= limits.settings.rooms;
  }

  /** @param time by which rooms end; null while no clock is believed */
  #look(room: Room, now: Now, time: number | null): void {
    const { roomEmptyMs, roomIdleMs } = this.#state.settings;
    const deserted = isDeserted(room, now.mono);
    if (deserted && roomEmptyMs === 0) {
      return this.#end(room, "nobody came back");
    }
    if (deserted) this.#emptied(room, now.wall);
    if (time === null || !room.isOpen) return;
    putBack(room, time);
    const { emptySince = time } = room;
    if (time - emptySince > roomEmptyMs) this.#end(room, "nobody came back");
    else if (time - room.touchedAt > roomIdleMs) this.#end(room, "idle");
  }

  /** Nobody is in it, nor may come back as if never gone. */
  #emptied(room: Room, wall: number): void {
    if (room.emptySince === undefined) {
      room.emptySince = wall;
      this.#note(room);
    }
    this.#empty.add(room);
    const { settings } = this.#state.limits;
    for (;;) {
      const over = this.#empty.tooMuch(room, settings);
      if (over === undefined) return;
      this.#end(over, "its place was needed");
    }
  }

  /** What is not written counts as occupied after a restart, and is noted again then. */
  #note({ name, emptySince }: Room): void {
    const since = emptySince ?? null;
    this.#state.store({ kind: "room_emptied", room: name, since }, () => {});
  }

  #end(room: Room, reason: ClosedReason, closedUntil?: number): void {
    const told = [...room.members.values()]
      .filter(({ conn }) => conn.features.has("closed"))
      .map(({ conn }) => conn.id);
    this.#state.broadcast(
      told,
      frameText({ type: "room.closed", room: room.name, reason }),
    );
    this.#empty.remove(room);
    this.#state.rooms.end(room);
    this.#forget(room.name, closedUntil);
  }

  #forget(name: string, closedUntil: number | undefined): void {
    this.#unforgotten.delete(name);
    if (this.#state.rooms.isTaken(name)) return;
    this.#state.store({
      kind: "room_ended",
      room: name,
      ...(closedUntil === undefined ? {} : { closed_until: closedUntil }),
    }, (answer) => {
      if (answer.kind === "failed" && answer.why === "storage") {
        this.#unforgotten.set(name, closedUntil);
      }
    });
  }
}

/** What was noted while the clock was ahead is put back to the time that is believed now. */
function putBack(room: Room, time: number): void {
  room.touchedAt = Math.min(room.touchedAt, time);
  if (room.emptySince === undefined) return;
  room.emptySince = Math.min(room.emptySince, time);
}

/** Whether nobody is in the room and nobody may come back as if never gone. */
function isDeserted(room: Room, mono: number): boolean {
  for (const [agent, until] of room.graced) {
    if (until < mono) room.graced.delete(agent);
  }
  return room.members.size === 0 && room.graced.size === 0;
}
