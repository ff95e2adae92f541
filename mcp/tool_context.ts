import type { Clock } from "../lib/clock.ts";
import type { LocalApi } from "../lib/local_api/client.ts";

/** A way to the daemon that runs now. */
export interface Daemon {
  readonly api: LocalApi;
  /** Token of its API: a text that holds it does not leave. */
  readonly token: string;
}

/** All that the tools touch. */
export interface ToolContext {
  readonly clock: Clock;
  randomBytes(count: number): Uint8Array;
  /** Whether a person lets the model say who is who and who is heard: what it reads could make it do so. */
  readonly changesContacts?: boolean;
  /** Finds the daemon anew for each call: it may have been started again, with another token. Rejects with a `Failure`. */
  daemon(): Promise<Daemon>;
}
