import type { Checked } from "./member_frame.ts";

/** A frame of a logged-in agent that another thread is to check. */
export interface CheckJob {
  readonly agent: string;
  readonly text: string;
}

/** What came of it. */
export interface CheckResult {
  /** Null where it must be checked by who asked. */
  readonly checked: Checked | null;
  /** What it took, in milliseconds. */
  readonly ms: number;
}

/** A worker's first message; through the port batches of jobs come and their results go, in the same order. */
export interface CheckInit {
  readonly type: "init";
  readonly port: MessagePort;
}
