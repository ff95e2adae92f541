import type { Changes } from "./changes.ts";
import { type Membership, Room, type RoomFacts } from "./room.ts";
import { RoomIndex, type RoomPage, type RoomQuery } from "./room_index.ts";
import type { Seat } from "./seat.ts";

/** Every open room, by name and in the order of lists. The one place where members come and go. */
export class RoomTable {
  readonly #rooms = new Map<string, Room>();
  readonly #index = new RoomIndex();
  /** Names whose room is on its way to disk. */
  readonly #reserved = new Set<string>();
  readonly #changes: Changes | undefined;

  constructor(changes?: Changes) {
    this.#changes = changes;
  }

  /** Open rooms and those about to be. */
  get size(): number {
    return this.#rooms.size + this.#reserved.size;
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  isTaken(name: string): boolean {
    return this.#rooms.has(name) || this.#reserved.has(name);
  }

  reserve(name: string): void {
    this.#reserved.add(name);
  }

  release(name: string): void {
    this.#reserved.delete(name);
  }

  open(facts: RoomFacts): Room {
    const room = new Room(facts, this.#changes);
    room.isOpen = true;
    this.#reserved.delete(room.name);
    this.#rooms.set(room.name, room);
    this.#index.add(room);
    return room;
  }

  /** Ends a room: nobody is in it any more. */
  end(room: Room): void {
    for (const { seat } of room.members.values()) seat.rooms.delete(room);
    this.#changes?.ended(room.name, [
      ...room.members.keys(),
      ...room.graced.keys(),
    ]);
    this.#index.remove(room);
    this.#rooms.delete(room.name);
    room.isOpen = false;
  }

  enter(room: Room, membership: Membership): void {
    const { seat } = membership;
    this.#index.recount(room, () => room.enter(seat.agent, membership));
    seat.rooms.add(room);
  }

  exit(room: Room, seat: Seat): void {
    seat.rooms.delete(room);
    this.#index.recount(room, () => room.exit(seat.agent));
  }

  /** A message was received at `wall`. */
  touch(room: Room, wall: number): void {
    this.#index.touch(room, wall);
  }

  page(query: RoomQuery): RoomPage {
    return this.#index.page(query);
  }

  [Symbol.iterator](): IterableIterator<Room> {
    return this.#rooms.values();
  }
}
