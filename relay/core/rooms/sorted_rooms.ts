import type { Room } from "./room.ts";

/** What rooms are ordered by: the greater first; of equals, by name. */
export interface SortKey {
  readonly value: number;
  readonly name: string;
}

/** Rooms in order of one number each, greatest first. Finding a place takes log n steps. */
export class SortedRooms {
  readonly #valueOf: (room: Room) => number;
  readonly #rooms: Room[] = [];

  constructor(valueOf: (room: Room) => number) {
    this.#valueOf = valueOf;
  }

  keyOf(room: Room): SortKey {
    return { value: this.#valueOf(room), name: room.name };
  }

  add(room: Room): void {
    this.#rooms.splice(this.#firstFrom(this.keyOf(room)), 0, room);
  }

  /** Must come before the room's number changes. */
  remove(room: Room): void {
    const at = this.#firstFrom(this.keyOf(room));
    if (this.#rooms[at] === room) this.#rooms.splice(at, 1);
  }

  /** The rooms that come after a place, in order; all of them without one. */
  *after(place?: SortKey): Generator<Room> {
    let at = 0;
    if (place !== undefined) {
      at = this.#firstFrom(place);
      const room = this.#rooms[at];
      if (room !== undefined && this.compare(this.keyOf(room), place) === 0) {
        at++;
      }
    }
    for (; at < this.#rooms.length; at++) yield this.#rooms[at] as Room;
  }

  compare(a: SortKey, b: SortKey): number {
    if (a.value !== b.value) return b.value - a.value;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  }

  /** The index of the first room that does not come before the place. */
  #firstFrom(place: SortKey): number {
    let low = 0;
    let high = this.#rooms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const key = this.keyOf(this.#rooms[middle] as Room);
      if (this.compare(key, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
