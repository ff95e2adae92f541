import type { Clock } from "../lib/clock.ts";
import type { FileTransfer } from "../lib/local_api/file_transfer.ts";
import type { ToolFiles } from "./files_context.ts";
import type { LocalApi } from "../lib/local_api/client.ts";

/** A way to the daemon that runs now. */
export interface Daemon {
  readonly api: LocalApi;
  /** Token of its API: a text that holds it does not leave. */
  readonly token: string;
  readonly transfer: FileTransfer;
}

/** All that the tools touch. */
export interface ToolContext {
  readonly clock: Clock;
  randomBytes(count: number): Uint8Array;
  /** Whether a person lets the model say who is who and who is heard: what it reads could make it do so. */
  readonly changesContacts?: boolean;
  /** Absent where a human named no folder for them. */
  readonly files?: ToolFiles;
  /** Finds the daemon anew for each call: it may have been started again, with another token. Rejects with a `Failure`. */
  daemon(): Promise<Daemon>;
}
