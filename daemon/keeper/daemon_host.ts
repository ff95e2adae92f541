import type { Fetch } from "../../lib/local_api/client.ts";
import type { Holder } from "../../lib/local_api/types/status.ts";
import type { LineLoss } from "../../lib/log.ts";
import type { DialEnv } from "../../lib/host/proxy_env.ts";
import type { UpFacts } from "./running_report.ts";

/** What a daemon needs of the process that it runs in. */
export interface DaemonHost {
  readonly version: string;
  readonly pid: number;
  /** What kind of program the process is. */
  readonly heldBy: Holder;
  /** Files that its process goes on to read and write beside the daemon's own, absolute; default none. */
  readonly alsoUses?: readonly string[];
  /** What was met before the start, in words. */
  readonly warnings?: readonly string[];
  /** Told when a daemon is up: a line, and the same as data. */
  print(line: string, facts: UpFacts): void;
  /** Writes whole lines, their ends included, to the log. Never throws. */
  log(lines: string): LineLoss | void;
  /** The environment, for the variables of proxies alone. */
  readonly env: DialEnv;
  fetch: Fetch;
  randomBytes(count: number): Uint8Array;
  /** Calls `action` when the process is to end, at each such signal, until the returned function is called. */
  onSignal(signal: "SIGTERM" | "SIGINT", action: () => void): () => void;
}

/** Why a daemon ended: `agentnet stop`, another that takes its place, or its process is to end. */
export type DaemonEnd = "stopped" | "handed over" | "signal";
