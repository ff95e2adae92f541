import type { DecodeFault } from "../../lib/protocol/decode.ts";
import type { AgentFrame } from "../../lib/protocol/frames.ts";
import type { FromLog, ToLog } from "./log/log_port.ts";
import type {
  StoreAnswer,
  StoredMessage,
  StoreRequest,
} from "../store/contract.ts";

/** Both clocks at one moment: `wall` for protocol timestamps, `mono` for ages, limits and deadlines; milliseconds. */
export interface Now {
  readonly wall: number;
  readonly mono: number;
}

/** Names one connection for its whole life; never used again. */
export type ConnId = number;

/** What happens to the core. Everything that it knows comes in through these. */
export type CoreEvent =
  /** A WebSocket was opened from this address (its limits' key, see shell/address.ts). */
  | {
    readonly kind: "opened";
    readonly conn: ConnId;
    readonly address: string;
  }
  /** A frame that decoded, and whose signature (where its kind has one) fits the agent of {@link RelayCore.signer}. */
  | {
    readonly kind: "frame";
    readonly conn: ConnId;
    readonly frame: AgentFrame;
    /** The frame's JSON as it came in. */
    readonly text: string;
  }
  /** A frame that did not decode. */
  | {
    readonly kind: "refused";
    readonly conn: ConnId;
    readonly fault: DecodeFault;
  }
  /** A frame whose signature does not fit. */
  | {
    readonly kind: "forged";
    readonly conn: ConnId;
    readonly ref: string | undefined;
  }
  /** The store answered a request of an earlier `store` effect. */
  | { readonly kind: "answer"; readonly answer: StoreAnswer }
  /** The cluster's log said something. */
  | { readonly kind: "log"; readonly said: FromLog }
  /** What holds the log's connection was started again. */
  | { readonly kind: "log_again" }
  /** About once a second: deadlines, grace, idle rooms, tables. */
  | { readonly kind: "tick" }
  | { readonly kind: "closed"; readonly conn: ConnId };

/** What the shell is to do, in this order. */
export type Effect =
  | { readonly kind: "send"; readonly conn: ConnId; readonly text: string }
  | {
    readonly kind: "broadcast";
    readonly conns: readonly ConnId[];
    readonly text: string;
  }
  | {
    readonly kind: "close";
    readonly conn: ConnId;
    readonly code: number;
    readonly reason: string;
  }
  /** To the cluster's log. */
  | { readonly kind: "log"; readonly message: ToLog }
  /** This relay has caught up with the log: it may serve. */
  | { readonly kind: "caught_up" }
  /** This relay may not serve any more, and why; a person must see to it. */
  | { readonly kind: "unfit"; readonly reason: string }
  /** This relay does not serve until its view was made anew. */
  | { readonly kind: "view_differs"; readonly reason: string }
  /** The view is to be thrown away, and this relay to begin with an empty one. */
  | { readonly kind: "renew_view" }
  /** A connection's login was taken. */
  | {
    readonly kind: "entered";
    readonly conn: ConnId;
    readonly agent: string;
  }
  /** A message was stored for the first time: for who only watches its room. */
  | {
    readonly kind: "said";
    readonly room: string;
    readonly message: StoredMessage;
  }
  | { readonly kind: "store"; readonly request: StoreRequest };

/** What a relay of a cluster has to say to the log and of itself. */
export type ClusterEffect = Extract<
  Effect,
  {
    readonly kind:
      | "log"
      | "caught_up"
      | "unfit"
      | "view_differs"
      | "renew_view";
  }
>;

/** WebSocket close codes of this relay (RFC 6455 section 7.4; 4000 and up are an application's own). */
export const CLOSE = {
  goingAway: 1001,
  policy: 1008,
  newerLogin: 4001,
  silent: 4002,
  operator: 4003,
} as const;
