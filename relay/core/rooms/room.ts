import type { RoomName } from "../../../lib/protocol/names.ts";
import type { ConnId } from "../events.ts";
import type { Changes } from "./changes.ts";
import type { Seat } from "./seat.ts";

/** Stands in `graced` for the members of a room that was on disk at start. */
export const RESTORED = "";

/** An agent in a room, by the seat through which it is there. */
export interface Membership {
  readonly seat: Seat;
  /** Wall clock. */
  readonly joinedAt: number;
}

export interface RoomFacts {
  readonly name: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly createdBy: string;
  /** The limits' key of the address that it was made from; "" where that is not known. */
  readonly createdFrom: string;
  /** Wall clock. */
  readonly createdAt: number;
  /** Wall clock: when its last message was received, else when it was made. */
  readonly lastActive: number;
  /** Wall clock: since when nobody is in it; absent where somebody is, or may come back as if never gone. */
  readonly emptySince?: number;
  /** How many messages are kept of it, and the bytes of their frames. */
  readonly messages: number;
  readonly bytes: number;
}

/** A room in one life: a later room of the same name is another object. */
export class Room {
  readonly name: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly createdBy: string;
  readonly createdFrom: string;
  readonly createdAt: number;
  /** Changed by {@link RoomIndex} alone, which is sorted by it. */
  lastActive: number;
  /** Monotonic: when somebody last wrote or came; undefined of one from disk, until it is known how long ago that was. */
  touchedAt: number | undefined;
  /** Monotonic: when it became empty; undefined where it is not, or as for `touchedAt`. */
  emptiedAt: number | undefined;
  /** As in {@link RoomFacts}; changed by RoomEnding alone. */
  emptySince: number | undefined;
  /** As in {@link RoomFacts}; changed by EmptyRooms alone. */
  messages: number;
  bytes: number;
  readonly members = new Map<string, Membership>();
  /** Those who dropped and whose going nobody was told of yet ({@link Departures}): for the others they are here. */
  readonly lingering = new Map<string, Membership>();
  readonly #graced = new Map<string, number>();
  /** False until it is on disk, and after it has ended. */
  isOpen = false;
  #conns: ConnId[] | null = null;
  readonly #changes: Changes | undefined;

  constructor(facts: RoomFacts, changes?: Changes) {
    this.#changes = changes;
    this.name = facts.name;
    this.topic = facts.topic;
    this.tags = facts.tags;
    this.createdBy = facts.createdBy;
    this.createdFrom = facts.createdFrom;
    this.createdAt = facts.createdAt;
    this.lastActive = facts.lastActive;
    this.emptySince = facts.emptySince;
    this.messages = facts.messages;
    this.bytes = facts.bytes;
  }

  enter(agent: string, membership: Membership): void {
    this.members.set(agent, membership);
    this.#graced.delete(agent);
    this.lingering.delete(agent);
    this.#conns = null;
    this.#changes?.seat(this.name, agent);
  }

  exit(agent: string): void {
    this.members.delete(agent);
    this.#conns = null;
    this.#changes?.seat(this.name, agent);
  }

  /** Agents whose connection dropped → until when (monotonic) they may come back as if they had never gone. */
  get graced(): ReadonlyMap<string, number> {
    return this.#graced;
  }

  grace(agent: string, until: number): void {
    this.#graced.set(agent, until);
    this.#changes?.seat(this.name, agent);
  }

  ungrace(agent: string): void {
    this.#graced.delete(agent);
    this.#changes?.seat(this.name, agent);
  }

  /** Whether the agent is in it through just this seat. */
  has(seat: Seat): boolean {
    return this.members.get(seat.agent)?.seat === seat;
  }

  /** Connections of this relay's members; the same array until somebody comes or goes. */
  get conns(): readonly ConnId[] {
    return this.#conns ??= connsOf(this.members.values());
  }

  /** How many other agents are in it, at any relay. */
  othersThan(seat: Seat): number {
    return this.members.size - (this.has(seat) ? 1 : 0);
  }

  /** Connections of this relay's members but one's. */
  connsBut({ conn, isHere }: Seat): readonly ConnId[] {
    return isHere ? this.conns.filter((other) => other !== conn) : this.conns;
  }
}

function connsOf(members: Iterable<Membership>): ConnId[] {
  const conns: ConnId[] = [];
  for (const { seat } of members) if (seat.isHere) conns.push(seat.conn);
  return conns;
}
