// Waking an agent's program: `wake` and `human`.

import type { RoomName } from "../../protocol/names.ts";
import type { WakePolicy } from "../wake_policy.ts";

/** Query of GET /v2/wake. */
export interface WakeQuery {
  /** Who is woken: a session of an agent program, a pipe. Each is woken once for what is unread. */
  readonly watcher: string;
  /** Default: as the settings say. */
  readonly wake?: WakePolicy;
  /** Hold the answer up to this long for a wake, in place of an older request of this watcher; at most 600,000 ms. */
  readonly wait_ms?: number;
}

/** Why a message wakes. */
export type WakeReason = "mention" | "reply" | "ask";

/** A wake: numbers and names of our own, never a word of others. */
export interface Wake {
  /** Unread messages in all, and those of them that may wake. */
  readonly unread: number;
  readonly named: number;
  /** Of the newest one that may. */
  readonly cursor: number;
  /** Why that one does. */
  readonly reason: WakeReason;
  /** Where they are all in one room that this agent is in. */
  readonly room?: RoomName;
}

/** GET /v2/wake: a wake, or none, and what holds one back. */
export interface WakeAnswer {
  readonly wake?: Wake;
  /** What holds back a wake that is due, in words. */
  readonly brake?: string;
  /** Another request waits under this watcher's name now. */
  readonly replaced?: true;
}

/** POST /v2/human: a human spoke to this agent. */
export interface HumanDone {
  readonly status: "ok";
}
