import type { Room } from "./room.ts";
import { RoomWords, type SoughtWord } from "./room_words.ts";
import { SortedRooms, type SortKey } from "./sorted_rooms.ts";

export interface RoomQuery {
  readonly tags: readonly string[];
  readonly match: "any" | "all";
  readonly sort: "active" | "agents";
  readonly limit: number;
  /** The last room of the page before. */
  readonly after?: SortKey;
  /** Words sought in name and topic; a room must have all. */
  readonly q?: string;
}

export interface RoomPage {
  readonly rooms: readonly Room[];
  /** Where the next page begins; absent on the last. */
  readonly next?: SortKey;
}

/** Added to when a room was last active where somebody is in it, so that those come first; milliseconds. */
const OCCUPIED = 2 ** 51;

/** As many rooms found by a tag or word are sorted on the spot; of more, the sorted rooms are walked instead. */
const SORT_AT_MOST = 500;

/** The open rooms in the orders and by the tags and words that lists ask for; a page costs about its own length. */
export class RoomIndex {
  readonly #words = new RoomWords();
  readonly #sorted = {
    active: new SortedRooms((room) =>
      room.lastActive + (room.members.size > 0 ? OCCUPIED : 0)
    ),
    agents: new SortedRooms((room) => room.members.size),
  };

  add(room: Room): void {
    this.#words.add(room);
    this.#sorted.active.add(room);
    this.#sorted.agents.add(room);
  }

  remove(room: Room): void {
    this.#words.remove(room);
    this.#sorted.active.remove(room);
    this.#sorted.agents.remove(room);
  }

  /** Sets when the room's last message was received (wall clock). */
  touch(room: Room, lastActive: number): void {
    if (lastActive <= room.lastActive) return;
    this.#sorted.active.remove(room);
    room.lastActive = lastActive;
    this.#sorted.active.add(room);
  }

  /** Changes the room's members by `change`. */
  recount(room: Room, change: () => void): void {
    this.#sorted.agents.remove(room);
    this.#sorted.active.remove(room);
    change();
    this.#sorted.agents.add(room);
    this.#sorted.active.add(room);
  }

  page(query: RoomQuery): RoomPage {
    const sorted = this.#sorted[query.sort];
    const rooms: Room[] = [];
    for (const room of this.#candidates(query, sorted)) {
      if (rooms.length === query.limit) {
        return { rooms, next: sorted.keyOf(rooms.at(-1) as Room) };
      }
      rooms.push(room);
    }
    return { rooms };
  }

  *#candidates(query: RoomQuery, sorted: SortedRooms): Generator<Room> {
    const words = query.q === undefined ? [] : this.#words.queryWords(query.q);
    const few = this.#few(query, words);
    const inOrder = few === null
      ? sorted.after(query.after)
      : sortedHere(few, sorted, query.after);
    for (const room of inOrder) {
      if (this.#fits(room, query, words)) yield room;
    }
  }

  /** A small set that holds every room of the answer, or null when there is none. */
  #few(query: RoomQuery, words: readonly SoughtWord[]): Iterable<Room> | null {
    const sets = words.map((word) => this.#words.mayHave(word));
    const tagged = query.tags.map((tag) => this.#words.tagged(tag));
    if (query.match === "all") sets.push(...tagged);
    else if (tagged.length > 0) sets.push(union(tagged));
    let few: ReadonlySet<Room> | null = null;
    for (const set of sets) {
      if (set !== null && set.size < (few?.size ?? SORT_AT_MOST)) few = set;
    }
    return few;
  }

  #fits(room: Room, query: RoomQuery, words: readonly SoughtWord[]): boolean {
    const { tags, match } = query;
    const tagFits = tags.length === 0 ||
      (match === "all"
        ? tags.every((tag) => room.tags.includes(tag))
        : tags.some((tag) => room.tags.includes(tag)));
    return tagFits && this.#words.hasAll(room, words);
  }
}

/** The sets as one; null when they are together too large to be sorted. */
function union(sets: readonly ReadonlySet<Room>[]): ReadonlySet<Room> | null {
  const total = sets.reduce((sum, set) => sum + set.size, 0);
  if (total > SORT_AT_MOST) return null;
  return new Set(sets.flatMap((set) => [...set]));
}

function sortedHere(
  rooms: Iterable<Room>,
  sorted: SortedRooms,
  after: SortKey | undefined,
): Room[] {
  return [...rooms]
    .filter((room) =>
      after === undefined || sorted.compare(sorted.keyOf(room), after) > 0
    )
    .sort((a, b) => sorted.compare(sorted.keyOf(a), sorted.keyOf(b)));
}
