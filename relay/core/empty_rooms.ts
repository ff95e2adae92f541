import type { Room } from "./room.ts";
import type { LimitSettings } from "./settings.ts";

/** What empty rooms hold together. */
interface Held {
  readonly rooms: number;
  readonly bytes: number;
}

const NOTHING: Held = { rooms: 0, bytes: 0 };

type Bounds = Pick<
  LimitSettings,
  "emptyRoomsPerAddress" | "emptyBytesPerAddress" | "emptyBytes"
>;

/**
 * The rooms that nobody is in and that stay for whoever comes. Keys are free, so what they hold is bounded, in all and
 * by the address that they were made from; where it is too much, those without a message go first, the one that has
 * been empty longest before the others, then the one that has been silent longest.
 */
export class EmptyRooms {
  readonly #rooms = new Set<Room>();
  readonly #byAddress = new Map<string, Held>();
  #bytes = 0;

  get size(): number {
    return this.#rooms.size;
  }

  /** Bytes of their messages' frames. */
  get bytes(): number {
    return this.#bytes;
  }

  add(room: Room): void {
    if (this.#rooms.has(room)) return;
    this.#rooms.add(room);
    this.#count(room, { rooms: 1, bytes: room.bytes });
  }

  remove(room: Room): void {
    if (!this.#rooms.delete(room)) return;
    this.#count(room, { rooms: -1, bytes: -room.bytes });
  }

  /** Changes what is kept of a room by so much; negative where something was removed. */
  resize(room: Room, change: { messages: number; bytes: number }): void {
    const before = room.bytes;
    room.messages = Math.max(0, room.messages + change.messages);
    room.bytes = Math.max(0, room.bytes + change.bytes);
    if (!this.#rooms.has(room)) return;
    this.#count(room, { rooms: 0, bytes: room.bytes - before });
  }

  /** The one that goes first; undefined where there is none. */
  next(): Room | undefined {
    return first(this.#rooms);
  }

  /**
   * One that has to go, since `room` became empty and a bound is passed; undefined where all is within. Rooms of which
   * nobody knows any more from where they were made count in all alone.
   */
  tooMuch({ createdFrom }: Room, bounds: Bounds): Room | undefined {
    const { rooms, bytes } = this.#byAddress.get(createdFrom) ?? NOTHING;
    if (createdFrom !== "") {
      const own = () => this.#from(createdFrom);
      if (rooms > bounds.emptyRoomsPerAddress) return first(own());
      if (bytes > bounds.emptyBytesPerAddress) {
        return first(withMessages(own()));
      }
    }
    return this.#bytes > bounds.emptyBytes
      ? first(withMessages(this.#rooms))
      : undefined;
  }

  *#from(address: string): Generator<Room> {
    for (const room of this.#rooms) {
      if (room.createdFrom === address) yield room;
    }
  }

  #count({ createdFrom }: Room, { rooms, bytes }: Held): void {
    this.#bytes += bytes;
    const held = this.#byAddress.get(createdFrom) ?? NOTHING;
    const now = { rooms: held.rooms + rooms, bytes: held.bytes + bytes };
    if (now.rooms === 0) this.#byAddress.delete(createdFrom);
    else this.#byAddress.set(createdFrom, now);
  }
}

function* withMessages(rooms: Iterable<Room>): Generator<Room> {
  for (const room of rooms) if (room.messages > 0) yield room;
}

function first(rooms: Iterable<Room>): Room | undefined {
  let found: Room | undefined;
  for (const room of rooms) {
    if (found === undefined || goesBefore(room, found)) found = room;
  }
  return found;
}

function goesBefore(one: Room, other: Room): boolean {
  const hasMessages = one.messages > 0;
  if (hasMessages !== other.messages > 0) return !hasMessages;
  const since = hasMessages
    ? one.lastActive - other.lastActive
    : (one.emptySince ?? 0) - (other.emptySince ?? 0);
  return since < 0;
}
