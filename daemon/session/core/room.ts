import type {
  JoinedRoom,
  RoomMember,
} from "../../../lib/local_api/types/rooms.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { RoomJoined } from "../../../lib/protocol/frames.ts";
import type { RememberedRoom } from "../../mailbox/room_memory.ts";
import type { VerifiedMessage } from "./verified_message.ts";
import { type HeldMessage, HeldQueue } from "./held_queue.ts";
import { HistoryPatience } from "./history_patience.ts";
import { nextRoom } from "./next_room.ts";
import { RoomProgress } from "./room_progress.ts";
import { Seeking } from "./seeking.ts";
import {
  absenceOf,
  endingOf,
  firstState,
  isForGood,
  isIn,
  type RoomState,
} from "./room_state.ts";
import type { RoomEffect, RoomEvent } from "./session_events.ts";

/** Members that are remembered of a room; a relay of this project takes 1,000. */
const MOST_MEMBERS = 10_000;

/** A room that this agent is to be in: what is known of it, what waits in it, and where it stands. */
export class Room {
  readonly name: RoomName;
  #topic: string;
  #tags: readonly string[];
  #createdHere: boolean;
  #joinedAt: number;
  /** Our wall clock when the relay closed it, until what waited is had. */
  #closedAt: number | undefined;
  readonly #waiting = new HeldQueue();
  readonly patience = new HistoryPatience();
  readonly #members = new Map<string, RoomMember>();
  #state: RoomState;
  /** How far its messages were had. */
  readonly progress: RoomProgress;
  readonly seeking: Seeking;

  constructor(from: RememberedRoom) {
    const { name, topic, tags, createdHere, joinedAt, lastSeq, lastAt, ended } =
      from;
    this.name = name;
    this.#topic = topic;
    this.#tags = tags;
    this.#createdHere = createdHere;
    this.#joinedAt = joinedAt;
    this.progress = new RoomProgress({ lastSeq, lastAt });
    this.#state = firstState(
      ended === undefined ? undefined : { reason: ended },
    );
    this.seeking = new Seeking(from.rank);
  }

  /** Moves the room on, as nextRoom says. This alone writes its state. @returns what is to be done */
  happens(event: RoomEvent): readonly RoomEffect[] {
    const { state, effects } = nextRoom(this.#state, event);
    this.#state = state;
    return effects;
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Whether the relay has us in it now. */
  get joined(): boolean {
    return isIn(this.#state);
  }

  /** Why it is no more; undefined while it is. */
  get ended(): string | undefined {
    return endingOf(this.#state)?.reason;
  }

  /** It is no more, and looked for all the same: until it is there again, or left. */
  get isSought(): boolean {
    const ending = endingOf(this.#state);
    return ending !== undefined && !isForGood(ending) &&
      this.#state.at !== "leaving";
  }

  /** Why it is not joined, in words. */
  get reason(): string {
    return this.ended ?? absenceOf(this.#state).reason;
  }

  /** Whether what is to be sent to it can be: the relay has us in it, and we are to stay. */
  get isOpen(): boolean {
    return this.joined && this.#state.at !== "leaving";
  }

  /** Entered for the first time: nothing was missed before. */
  get isFresh(): boolean {
    return "fresh" in this.#state && this.#state.fresh;
  }

  get topic(): string {
    return this.#topic;
  }

  get tags(): readonly string[] {
    return this.#tags;
  }

  /** Whether this agent made it, and makes it again. */
  get createdHere(): boolean {
    return this.#createdHere;
  }

  /** Our wall clock when we first joined this room's life. */
  get joinedAt(): number {
    return this.#joinedAt;
  }

  get remembered(): RememberedRoom {
    const { name, topic, tags, createdHere, joinedAt, ended } = this;
    const { lastSeq, lastAt } = this.progress;
    return {
      ...{ name, topic, tags, createdHere },
      ...{ joinedAt, lastSeq, lastAt, ended, rank: this.seeking.rank },
    };
  }

  get view(): JoinedRoom {
    const { name, topic, tags } = this;
    return { name, topic, tags, members: [...this.#members.values()] };
  }

  get memberIds(): string[] {
    return [...this.#members.keys()];
  }

  /** Lets a live message wait; what is too much is dropped here and had by fetching. */
  hold(message: VerifiedMessage): void {
    this.#waiting.hold(message);
  }

  get held(): readonly HeldMessage[] {
    return this.#waiting.messages;
  }

  /** The oldest ones that wait are had. */
  unhold(count: number): void {
    this.#waiting.remove(count);
  }

  /** More came than can wait, or went by unread. */
  get overflow(): boolean {
    return this.#waiting.overflow;
  }

  noteOverflow(): void {
    this.#waiting.overflow = true;
  }

  /** What overflowed is fetched now. @returns whether something had */
  takeOverflow(): boolean {
    const { overflow } = this.#waiting;
    this.#waiting.overflow = false;
    return overflow;
  }

  /** Whether something is to be told when what waits is taken: a message, or a gap behind it. */
  get isHolding(): boolean {
    return this.held.length > 0 || this.overflow;
  }

  /** Something may be missing behind the last message that waits. */
  get gapBehind(): boolean {
    return this.overflow || this.#waiting.isBroken;
  }

  /** All that waited is had. */
  wasReleased(): void {
    this.#waiting.wasEmptied();
  }

  /** What a broken connection left out was had by fetching. */
  wasFetched(): void {
    this.#waiting.mend();
  }

  /** This agent has just made it: it is empty. @param now our wall clock */
  wasMade(now: number): void {
    this.#createdHere = true;
    this.#closedAt = undefined;
    this.#joinedAt = now;
    this.progress.begins();
  }

  /** The relay has closed it: what a later one of that name says is counted from here. @param now our wall clock */
  closes(now: number): void {
    this.#closedAt ??= now;
  }

  /** It is no more, and all that was said in it is had. */
  hasEnded(): void {
    this.#joinedAt = this.#closedAt ?? this.#joinedAt;
    this.#closedAt = undefined;
    this.progress.ends();
    this.#members.clear();
  }

  /** What is said from now on does not wait. */
  breaks(): void {
    this.#waiting.breakOff();
  }

  /** The connection is gone: who is in it is not known any more. */
  wasDisconnected(): void {
    this.#members.clear();
    this.patience.reset();
  }

  setMember(member: RoomMember): void {
    if (this.#members.size >= MOST_MEMBERS && !this.#members.has(member.id)) {
      return;
    }
    this.#members.set(member.id, member);
  }

  removeMember(id: string): void {
    this.#members.delete(id);
  }

  /** What `room.joined` says of the room. */
  learn(frame: RoomJoined): void {
    this.#closedAt = undefined;
    this.seeking.found();
    this.#topic = frame.topic;
    this.#tags = frame.tags;
    this.#members.clear();
    for (const member of frame.members) this.setMember(member);
  }
}
