import type { MemberPresence } from "../../../lib/protocol/presence_frames.ts";
import type { ConnId } from "../events.ts";
import type { Room } from "./room.ts";

/** Where a seat is: a connection of one of the relays that are one. */
export interface SeatPlace {
  readonly node: string;
  readonly conn: ConnId;
  /** Whether it is one of this relay's own connections. */
  readonly isHere: boolean;
}

export interface SeatFacts extends SeatPlace {
  readonly agent: string;
  readonly name: string;
  readonly features: readonly string[];
  /** The limits' key of its address. */
  readonly address: string;
  /** When it logged in; the log's monotonic time. */
  readonly since: number;
}

/** An agent that is logged in, by the one connection through which it is. A later login of it is another object. */
export class Seat implements SeatPlace {
  readonly node: string;
  readonly conn: ConnId;
  readonly isHere: boolean;
  readonly agent: string;
  readonly name: string;
  readonly features: ReadonlySet<string>;
  readonly address: string;
  readonly since: number;
  /** When its last op was applied; the log's wall clock. */
  heardAt: number;
  /** What its agent's program says of it. */
  presence: Pick<MemberPresence, "wakeable" | "woken_at"> = {};
  readonly rooms = new Set<Room>();

  constructor(facts: SeatFacts, heardAt: number) {
    this.node = facts.node;
    this.conn = facts.conn;
    this.isHere = facts.isHere;
    this.agent = facts.agent;
    this.name = facts.name;
    this.features = new Set(facts.features);
    this.address = facts.address;
    this.since = facts.since;
    this.heardAt = heardAt;
  }
}
