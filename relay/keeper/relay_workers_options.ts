import type { Clock } from "../../lib/clock.ts";
import type { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { RelayOptions } from "./relay_settings.ts";
import type { Cluster } from "./shared_log.ts";

/** What a relay's workers are started with. */
export interface RelayWorkersOptions {
  readonly options: RelayOptions;
  readonly version: string;
  readonly settings: CoreSettings;
  /** Sockets that the process has descriptors for. */
  readonly mostSockets: number;
  /** Path of the database file. */
  readonly database: string;
  /** Of files that agents hand over: their folder, and whether an earlier run left it. */
  readonly files: { readonly folder: string; readonly hasFiles: boolean };
  /** Null for a relay by itself. */
  readonly cluster: Cluster | null;
  readonly clock: Clock;
  readonly log: Logger;
  /** Its sockets came to be many, or few again. */
  readonly crowded: (isCrowded: boolean) => void;
  /** The relay can't go on by itself: the database is damaged, or the sockets can't listen. The process is to end. */
  readonly lost: (failure: Failure) => void;
}
