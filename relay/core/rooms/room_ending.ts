import {
  CLOSED_BY_OPERATOR,
  type ClosedReason,
} from "../../../lib/protocol/closed_reasons.ts";
import type { StoreAnswer, StoredRoom } from "../../store/contract.ts";
import type { EmptyRooms } from "./empty_rooms.ts";
import type { Now } from "../events.ts";
import { frameText } from "../replies.ts";
import { RESTORED, type Room } from "./room.ts";
import type { RoomsState } from "./rooms_state.ts";

/**
 * How rooms end: by nobody coming back, by silence, by others that need their place, by the operator (protocol.md
 * section 6). A room that nobody is in stays for a while, for whoever comes.
 */
export class RoomEnding {
  readonly #state: RoomsState;
  readonly #empty: EmptyRooms;
  /** Ended rooms that the disk would not forget yet, and until when they are remembered as closed. */
  readonly #unforgotten = new Map<string, number | undefined>();
  /** Rooms from disk of which it is not known how long ago somebody was there: no clock was believed yet. */
  #ageless: readonly Room[] = [];
  /** Rooms of which the disk would not note yet whether they are empty. */
  readonly #unnoted = new Set<Room>();

  constructor(state: RoomsState) {
    this.#state = state;
    this.#empty = state.emptyRooms;
  }

  /** The rooms on disk are open. */
  restored(rooms: readonly StoredRoom[], now: Now): void {
    this.#state.roomTime.restored(rooms, now);
    this.#ageless = [...this.#state.rooms];
    const empty = this.#ageless.filter(({ emptySince }) =>
      emptySince !== undefined
    );
    for (const room of empty) this.#empty.add(room);
    // They may be lower than they were.
    for (const room of empty) this.#keepBounds(room);
  }

  /** The rooms of a view are open; its time is the log's, which is believed. */
  restoredAt(now: Now): void {
    this.#state.roomTime.believe(now);
    for (const room of this.#state.rooms) {
      if (room.emptySince !== undefined) this.#empty.add(room);
    }
  }

  /**
   * Somebody left by `room.leave`.
   *
   * @returns until when (wall clock) the room stays if nobody comes; undefined where it has ended
   */
  left(room: Room, now: Now): number | undefined {
    const { roomEmptyMs, roomIdleMs } = this.#state.settings;
    const deserted = isDeserted(room, now.mono);
    if (deserted && roomEmptyMs === 0) {
      this.#end(room, "the last member left");
      return undefined;
    }
    if (deserted) this.#emptied(room, now);
    if (!room.isOpen) return undefined;
    const { touchedAt = now.mono } = room;
    const emptyAt = Math.max(now.mono, ...room.graced.values());
    const until = Math.min(emptyAt + roomEmptyMs, touchedAt + roomIdleMs);
    return now.wall + until - now.mono;
  }

  /** Somebody came in. */
  entered(room: Room, now: Now): void {
    room.touchedAt = now.mono;
    this.#state.changes?.room(room.name);
    if (room.emptySince === undefined) return;
    this.#empty.remove(room);
    room.emptySince = room.emptiedAt = undefined;
    this.#note(room);
  }

  /** Ends what nobody came back to and what was silent for too long; tries again what the disk refused. */
  sweep(now: Now): void {
    for (const [name, until] of this.#unforgotten) this.#forget(name, until);
    for (const room of this.#unnoted) this.#note(room);
    const time = this.#state.roomTime.at(now);
    if (time !== null) this.#age(time, now.mono);
    for (const room of [...this.#state.rooms]) this.#look(room, now);
  }

  /** Whether a new room has a place, or can be given one. */
  get hasPlace(): boolean {
    return this.#places > this.#state.rooms.size - this.#empty.size;
  }

  /** A new room, which counts already, is on disk: it takes its place. */
  makePlace(): void {
    const over = this.#state.rooms.size - this.#places;
    if (over <= 0) return;
    for (const room of this.#empty.first(over)) {
      this.#end(room, "its place was needed");
    }
  }

  /** The operator ends it. */
  close(room: Room, now: Now): void {
    const until = this.#state.closedNames.add(room.name, now.wall);
    this.#end(room, CLOSED_BY_OPERATOR, until);
  }

  get #places(): number {
    return this.#state.settings.limits.rooms;
  }

  /** The clock is believed: now it is known how long ago that was which is on disk. */
  #age(time: number, mono: number): void {
    const was = (noted: number) => mono - Math.max(0, time - noted);
    for (const room of this.#ageless) {
      const { emptySince, lastActive } = room;
      room.touchedAt ??= was(Math.max(lastActive, emptySince ?? 0));
      if (emptySince !== undefined) room.emptiedAt ??= was(emptySince);
    }
    this.#ageless = [];
  }

  #look(room: Room, now: Now): void {
    const { roomEmptyMs, roomIdleMs } = this.#state.settings;
    const deserted = isDeserted(room, now.mono);
    if (deserted && roomEmptyMs === 0) {
      return this.#end(room, "nobody came back");
    }
    if (deserted) this.#emptied(room, now);
    // After a restart its members are on their way: that they were in it is not on disk.
    const waits = room.members.size === 0 && room.graced.has(RESTORED);
    // One that was looked at before it, or it itself, may have been too much.
    if (waits || !room.isOpen) return;
    const { emptiedAt = now.mono, touchedAt = now.mono } = room;
    if (now.mono - emptiedAt > roomEmptyMs) {
      this.#end(room, "nobody came back");
    } else if (now.mono - touchedAt > roomIdleMs) this.#end(room, "idle");
  }

  /** Nobody is in it, nor may come back as if never gone. */
  #emptied(room: Room, now: Now): void {
    if (room.emptySince !== undefined) return;
    room.emptySince = this.#state.roomTime.noted(now);
    room.emptiedAt = now.mono;
    this.#state.changes?.room(room.name);
    this.#empty.add(room);
    this.#note(room);
    this.#keepBounds(room);
  }

  /** Ends what is too much, now that a room is empty. */
  #keepBounds(room: Room): void {
    const { limits } = this.#state.settings;
    for (;;) {
      const over = this.#empty.tooMuch(room, limits);
      if (over.length === 0) return;
      for (const one of over) this.#end(one, "its place was needed");
    }
  }

  /** Notes on disk whether the room is empty; what the disk refuses is noted again. */
  #note(room: Room): void {
    this.#unnoted.delete(room);
    if (!room.isOpen) return;
    const { name, emptySince: since = null } = room;
    this.#state.write({ kind: "room_emptied", room: name, since }, (answer) => {
      if (isRefusedByDisk(answer)) this.#unnoted.add(room);
    });
  }

  #end(room: Room, reason: ClosedReason, closedUntil?: number): void {
    const told = [...room.members.values()]
      .filter(({ seat }) => seat.isHere && seat.features.has("closed"))
      .map(({ seat }) => seat.conn);
    this.#state.broadcast(
      told,
      () => frameText({ type: "room.closed", room: room.name, reason }),
    );
    this.#empty.remove(room);
    this.#state.rooms.end(room);
    this.#forget(room.name, closedUntil);
  }

  #forget(name: string, closedUntil: number | undefined): void {
    const { rooms } = this.#state;
    const isAgain = rooms.get(name) !== undefined;
    // One on its way to disk ends the earlier of its name there, unless it does not arrive.
    if (rooms.isTaken(name) && !isAgain) return;
    this.#unforgotten.delete(name);
    if (isAgain) return;
    this.#state.write({
      kind: "room_ended",
      room: name,
      ...(closedUntil === undefined ? {} : { closed_until: closedUntil }),
    }, (answer) => {
      if (isRefusedByDisk(answer)) this.#unforgotten.set(name, closedUntil);
    });
  }
}

function isRefusedByDisk(answer: StoreAnswer): boolean {
  return answer.kind === "failed" && answer.why === "storage";
}

/** Whether nobody is in the room and nobody may come back as if never gone. */
function isDeserted(room: Room, mono: number): boolean {
  for (const [agent, until] of room.graced) {
    if (until < mono) room.ungrace(agent);
  }
  return room.members.size === 0 && room.graced.size === 0;
}
