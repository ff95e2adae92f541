import type { ApiAnswer } from "./cli_rig.ts";

/** A command that talks to the daemon, what it asks, and what a success looks like. */
export interface CommandRow {
  readonly line: readonly string[];
  /** The route that decides. */
  readonly route: string;
  readonly answers: Record<string, ApiAnswer>;
  readonly code?: number;
  readonly stdout: RegExp;
  readonly stderr?: RegExp;
  /** Keys of the JSON answer. */
  readonly keys: readonly string[];
}
