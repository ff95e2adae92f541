// What passes between `agentnet relay admin` and a running relay: bodies and
// answers of its admin port. Fields are only ever added.

import type { ClusterView } from "./cluster_status.ts";

/** An agent that is logged in. */
export interface AgentRow {
  readonly id: string;
  /** What it calls itself: a claim, and hostile text. */
  readonly name: string;
  /** What its address counts as: the address, or for IPv6 its /64. */
  readonly address: string;
  readonly connected_ms: number;
  readonly rooms: readonly string[];
}

/** A room that is open. */
export interface RoomRow {
  readonly name: string;
  /** Hostile text. */
  readonly topic: string;
  readonly members: number;
  /** Milliseconds since 1970. */
  readonly last_active: number;
}

/** Answer of `list`: at most 1,000 agents and rooms, and how many there are. */
export interface RelayListing {
  readonly agents: readonly AgentRow[];
  readonly agents_total: number;
  readonly rooms: readonly RoomRow[];
  readonly rooms_total: number;
  /** Agent ids banned by `ban`; those of a --deny file are not among them. */
  readonly banned: readonly string[];
}

/** Answer of `kick`, `ban` and `unban`. */
export interface AgentDone {
  readonly agent: string;
  /** Whether anything changed: it was here (kick), not yet banned (ban), banned (unban). */
  readonly changed: boolean;
}

/** Answer of `close`. */
export interface RoomClosed {
  readonly room: string;
  readonly changed: boolean;
}

/** Answer of `stats`: the figures of /metrics without its histograms, by name. */
export type RelayStats = Readonly<Record<string, number>>;

/** Answer of `ping`, which the keeper gives by itself, however busy the relay is. */
export interface Pong {
  readonly program: typeof ADMIN_PROGRAM;
  readonly version: string;
}

/** How a relay names itself to who asks whether one runs. */
export const ADMIN_PROGRAM = "agentnet relay";

/** Each act with its body and its answer; the route is `POST /v1/<act>`. */
export interface AdminActs {
  readonly ping: {
    readonly body: Record<never, never>;
    readonly answer: Pong;
  };
  readonly list: {
    readonly body: Record<never, never>;
    readonly answer: RelayListing;
  };
  readonly stats: {
    readonly body: Record<never, never>;
    readonly answer: RelayStats;
  };
  readonly kick: {
    readonly body: { readonly agent: string };
    readonly answer: AgentDone;
  };
  readonly ban: {
    readonly body: { readonly agent: string };
    readonly answer: AgentDone;
  };
  readonly unban: {
    readonly body: { readonly agent: string };
    readonly answer: AgentDone;
  };
  readonly close: {
    readonly body: { readonly room: string };
    readonly answer: RoomClosed;
  };
  /** How the cluster stands that the relay is one of. */
  readonly cluster: {
    readonly body: Record<never, never>;
    readonly answer: ClusterView;
  };
}
export type AdminAct = keyof AdminActs;

/** Those of `agentnet relay admin`; a second start asks for `ping`, `agentnet relay cluster` for `cluster`. */
export const ADMIN_ACTS = [
  "list",
  "kick",
  "ban",
  "unban",
  "close",
  "stats",
] as const satisfies readonly AdminAct[];
export type OperatorAct = typeof ADMIN_ACTS[number];

/** Files of a relay's data dir, 0600: where the port is, and what opens it. */
export const ADMIN_FILES = {
  address: "admin.addr",
  token: "admin.token",
} as const;
