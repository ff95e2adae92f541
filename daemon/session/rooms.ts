import type { RoomName } from "../../lib/protocol/names.ts";
import type { RoomMemory } from "../mailbox/room_memory.ts";
import { Room } from "./core/room.ts";

/** The rooms that this agent is to be in, in memory and on disk. */
export class Rooms {
  readonly #memory: RoomMemory;
  readonly #rooms = new Map<string, Room>();
  /** Those that are not on disk as they are here. */
  readonly #owed = new Set<Room>();

  constructor(memory: RoomMemory) {
    this.#memory = memory;
    for (const room of memory.all()) this.#rooms.set(room.name, new Room(room));
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  all(): Room[] {
    return [...this.#rooms.values()];
  }

  /** A room that this agent enters for the first time; on disk with {@link save}. @param now our wall clock */
  add(name: RoomName, now: number): Room {
    const room = new Room({
      ...{ name, topic: "", tags: [], createdHere: false, joinedAt: now },
      ...{ lastSeq: undefined, lastAt: undefined, ended: undefined },
      rank: undefined,
    });
    this.#rooms.set(name, room);
    return room;
  }

  /** @throws Failure FILE_TROUBLE, as all that writes; then it is owed. */
  save(room: Room): void {
    this.#owed.add(room);
    this.#memory.save(room.remembered);
    this.#owed.delete(room);
  }

  /** Writes what an earlier try could not. */
  settle(room: Room): void {
    if (this.#owed.has(room)) this.save(room);
  }

  /** Writes how far the room's messages were had. */
  mark(room: Room): void {
    this.#memory.mark(room.name, room.progress);
  }

  forget(room: Room): void {
    this.#memory.forget(room.name);
    this.#rooms.delete(room.name);
    this.#owed.delete(room);
  }
}
