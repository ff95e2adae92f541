import type { Hello } from "../../../lib/protocol/frames.ts";
import type { ConnId, CoreEvent } from "../events.ts";

/** A challenge that this connection's agent may answer, once. */
export interface Challenge {
  readonly text: string;
  /** On the monotonic clock. */
  readonly expires: number;
}

/** A frame event that waits for the outcome of an earlier one of its connection. */
export type FrameEvent = Extract<
  CoreEvent,
  { kind: "frame" | "refused" | "forged" }
>;

/** Where a connection stands in the handshake (protocol.md section 3). */
export type Stage =
  | { readonly kind: "hello" }
  | {
    readonly kind: "pow";
    readonly hello: Hello;
    readonly challenge: Challenge;
  }
  /** The login is in the log, and not applied yet. */
  | { readonly kind: "entering" }
  | { readonly kind: "in" };

/** One connection. What it holds ends with it: nothing of a connection is keyed by its agent. */
export class Connection {
  readonly id: ConnId;
  readonly address: string;
  readonly openedAt: number;
  stage: Stage = { kind: "hello" };
  /** The agent that logged in, or whose login is in the log; "" before. */
  agent = "";
  features: ReadonlySet<string> = new Set();
  lastHeard: number;
  /** Challenges for new rooms, the oldest first. */
  createChallenges: Challenge[] = [];
  /** Ops and requests that have no outcome yet; of them the ops that are no messages. */
  pending = 0;
  moves = 0;
  /** Frames that wait until nothing is pending. */
  deferred: FrameEvent[] = [];

  constructor(id: ConnId, address: string, now: number) {
    this.id = id;
    this.address = address;
    this.openedAt = now;
    this.lastHeard = now;
  }

  get isIn(): boolean {
    return this.stage.kind === "in";
  }
}
