import type { RoomJoined } from "../../lib/protocol/frames.ts";
import type {
  JoinedRoom,
  RoomMember,
  RoomState,
} from "../../lib/local_api/types.ts";
import type { RememberedRoom, RoomMemory } from "../mailbox/room_memory.ts";
import type { Judged } from "./receive/verified_message.ts";

/** Members that are remembered of a room; a relay of this project takes 1,000. */
const MOST_MEMBERS = 10_000;
/** Live messages that wait for a room's catch-up, and their bytes, about. */
const MOST_HELD = 1_000;
const MOST_HELD_BYTES = 4 * 1024 * 1024;
/** Own messages whose numbers lie ahead of what was had. */
const MOST_OWN_AHEAD = 1_000;

/** Why the relay does not have us in a room that has not ended. */
export interface Absence {
  readonly state: "joining" | "waiting";
  /** In words. */
  readonly reason: string;
}

const NOT_CONNECTED: Absence = { state: "waiting", reason: "not connected" };

function sizeOf({ frame }: Judged): number {
  return frame.content.text.length * 2 + 1_000;
}

/** A room that this agent is to be in, as it stands now. */
export class Room {
  readonly name: string;
  topic: string;
  tags: readonly string[];
  createdHere: boolean;
  /** Our wall clock when we first joined this room's life. */
  joinedAt: number;
  lastSeq: number | undefined;
  lastAt: number | undefined;
  ended: string | undefined;
  /** Whether the relay has us in it now. */
  joined = false;
  #absence: Absence = NOT_CONNECTED;
  /** Entered for the first time on this connection: nothing was missed before. */
  fresh = false;
  /** It is being left: nothing is sent to it, and it is not entered again. */
  leaving = false;
  /** It is not on disk as it is here. */
  owed = false;
  /** Live messages wait until the room is caught up. */
  holding = true;
  /** More came than can wait: nothing more does until the room is paged once more, or what went by is a gap. */
  overflow = false;
  members = new Map<string, RoomMember>();
  #held: Judged[] = [];
  #heldBytes = 0;
  readonly #ownAhead = new Set<number>();

  constructor(from: RememberedRoom) {
    this.name = from.name;
    this.topic = from.topic;
    this.tags = from.tags;
    this.createdHere = from.createdHere;
    this.joinedAt = from.joinedAt;
    this.lastSeq = from.lastSeq;
    this.lastAt = from.lastAt;
    this.ended = from.ended;
  }

  get remembered(): RememberedRoom {
    const { name, topic, tags, createdHere, joinedAt, lastSeq, lastAt, ended } =
      this;
    return {
      ...{ name, topic, tags, createdHere },
      ...{ joinedAt, lastSeq, lastAt, ended },
    };
  }

  get view(): JoinedRoom {
    const { name, topic, tags } = this;
    return { name, topic, tags, members: [...this.members.values()] };
  }

  get state(): RoomState {
    if (this.joined) return "joined";
    return this.ended === undefined ? this.#absence.state : "ended";
  }

  /** Why it is not joined, in words; while it is, why it was not. */
  get reason(): string {
    return this.ended ?? this.#absence.reason;
  }

  /** The relay does not have us in it. */
  isAbsent(absence: Absence): void {
    this.joined = false;
    this.#absence = absence;
  }

  get memberIds(): string[] {
    return [...this.members.keys()];
  }

  /** Lets a live message wait; what is too much is dropped here and had by paging. */
  hold(message: Judged): void {
    const bytes = sizeOf(message);
    const full = this.overflow || this.#held.length >= MOST_HELD ||
      this.#heldBytes + bytes > MOST_HELD_BYTES;
    if (full) this.overflow = true;
    else {
      this.#held.push(message);
      this.#heldBytes += bytes;
    }
  }

  get held(): readonly Judged[] {
    return this.#held;
  }

  /** The oldest ones that wait leave the line. */
  unhold(count: number): void {
    for (const message of this.#held.splice(0, count)) {
      this.#heldBytes -= sizeOf(message);
    }
  }

  /** The message of this number was had, or is our own. */
  advance(seq: number | undefined): void {
    if (seq !== undefined && seq > (this.lastSeq ?? 0)) this.lastSeq = seq;
    while (
      this.lastSeq !== undefined && this.#ownAhead.delete(this.lastSeq + 1)
    ) this.lastSeq++;
  }

  /** The relay numbered an own message, which it will not deliver to us. */
  ownSeq(seq: number): void {
    if (this.lastSeq === undefined) return;
    if (seq === this.lastSeq + 1) return this.advance(seq);
    if (seq > this.lastSeq && this.#ownAhead.size < MOST_OWN_AHEAD) {
      this.#ownAhead.add(seq);
    }
  }

  setMember(member: RoomMember): void {
    if (this.members.size >= MOST_MEMBERS && !this.members.has(member.id)) {
      return;
    }
    this.members.set(member.id, member);
  }

  /** What `room.joined` says of the room. */
  learn(frame: RoomJoined): void {
    this.topic = frame.topic;
    this.tags = frame.tags;
    this.members = new Map();
    for (const member of frame.members) this.setMember(member);
  }
}

/** The rooms that this agent is to be in, in memory and on disk. */
export class Rooms {
  readonly #memory: RoomMemory;
  readonly #rooms = new Map<string, Room>();

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

  /** A room that this agent enters for the first time; on disk with {@link save}. */
  add(name: string, now: number): Room {
    const room = new Room({
      ...{ name, topic: "", tags: [], createdHere: false, joinedAt: now },
      ...{ lastSeq: undefined, lastAt: undefined, ended: undefined },
    });
    room.fresh = true;
    this.#rooms.set(name, room);
    return room;
  }

  /** @throws Failure FILE_TROUBLE, as all that writes; then it is owed. */
  save(room: Room): void {
    room.owed = true;
    this.#memory.save(room.remembered);
    room.owed = false;
  }

  /** Writes what an earlier try could not. */
  settle(room: Room): void {
    if (room.owed && this.get(room.name) === room) this.save(room);
  }

  /** Writes how far the room's messages were had. */
  mark(room: Room): void {
    this.#memory.mark(room.name, room);
  }

  /** The room is no more: what a later one of that name says is counted from `now` on. */
  end(room: Room, { reason, now }: { reason: string; now: number }): void {
    room.ended = reason;
    room.joined = false;
    room.holding = true;
    room.members.clear();
    room.lastSeq = undefined;
    room.lastAt = undefined;
    room.joinedAt = now;
    this.save(room);
  }

  forget(name: string): void {
    this.#memory.forget(name);
    this.#rooms.delete(name);
  }

  /** The connection is gone: every room waits, and is caught up later. */
  disconnected(): void {
    for (const room of this.#rooms.values()) {
      room.isAbsent(NOT_CONNECTED);
      room.fresh = false;
      room.holding = true;
      room.members.clear();
    }
  }
}
