import type { Room } from "./room.ts";
import type { LimitSettings } from "../settings.ts";

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

  /** So many that go first. */
  first(count: number): readonly Room[] {
    return take(inOrder(this.#rooms), count);
  }

  /**
   * Those that have to go, since `room` became empty and a bound is passed; once they went, another bound may be passed
   * still. One that passes it by itself goes before all others: whoever fills a room takes no other one's place. Rooms
   * of which nobody knows any more from where they were made count in all alone.
   */
  tooMuch(room: Room, bounds: Bounds): readonly Room[] {
    const { createdFrom } = room;
    if (this.#rooms.has(room) && room.bytes > mostOfOne(room, bounds)) {
      return [room];
    }
    if (createdFrom !== "") {
      const held = this.#byAddress.get(createdFrom) ?? NOTHING;
      const own = () => inOrder(this.#from(createdFrom));
      const rooms = held.rooms - bounds.emptyRoomsPerAddress;
      if (rooms > 0) return take(own(), rooms);
      const bytes = held.bytes - bounds.emptyBytesPerAddress;
      if (bytes > 0) return takeBytes(own(), bytes);
    }
    const bytes = this.#bytes - bounds.emptyBytes;
    return bytes > 0 ? takeBytes(inOrder(this.#rooms), bytes) : [];
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

/** How many bytes a room may have while it is empty, if it is the only one. */
function mostOfOne({ createdFrom }: Room, bounds: Bounds): number {
  const { emptyBytes, emptyBytesPerAddress } = bounds;
  return createdFrom === ""
    ? emptyBytes
    : Math.min(emptyBytes, emptyBytesPerAddress);
}

function take(rooms: Iterable<Room>, count: number): Room[] {
  const taken: Room[] = [];
  for (const room of rooms) {
    if (taken.length >= count) break;
    taken.push(room);
  }
  return taken;
}

/** As many with messages as have so many bytes. */
function takeBytes(rooms: Iterable<Room>, bytes: number): Room[] {
  const taken: Room[] = [];
  let left = bytes;
  for (const room of rooms) {
    if (left <= 0) break;
    if (room.messages === 0) continue;
    taken.push(room);
    left -= room.bytes;
  }
  return taken;
}

/** So many are found one by one: most times no more are asked for, and sorting all costs more. */
const FEW = 4;

/** The rooms in the order in which they go. */
function* inOrder(rooms: Iterable<Room>): Generator<Room> {
  const left = new Set(rooms);
  for (let found = 0; found < FEW; found++) {
    const next = first(left);
    if (next === undefined) return;
    yield next;
    left.delete(next);
  }
  yield* [...left].sort(order);
}

function first(rooms: Iterable<Room>): Room | undefined {
  let found: Room | undefined;
  for (const room of rooms) {
    if (found === undefined || order(room, found) < 0) found = room;
  }
  return found;
}

/** Less than nothing where `one` goes before `other`. */
function order(one: Room, other: Room): number {
  const hasMessages = one.messages > 0;
  if (hasMessages !== other.messages > 0) return hasMessages ? 1 : -1;
  const earlier = hasMessages
    ? one.lastActive - other.lastActive
    : (one.emptySince ?? 0) - (other.emptySince ?? 0);
  // Relays that are one must choose the same, whatever order their tables have.
  return earlier !== 0 ? earlier : one.name < other.name ? -1 : 1;
}
