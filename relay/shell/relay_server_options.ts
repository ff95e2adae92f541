import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { RelayCore } from "../core/core.ts";
import type { ClusterEffect } from "../core/events.ts";
import type {
  BlobSettings,
  HistoryAccess,
  LimitSettings,
} from "../core/settings.ts";
import type { StoreRequest } from "../store/contract.ts";
import type { Cidr } from "./address.ts";
import type { CheckPool } from "./checks/check_pool.ts";
import type { HttpFrontOptions } from "./http_front.ts";

/** What a relay's server is given. */
export interface RelayServerOptions
  extends
    Pick<HttpFrontOptions, "hostname" | "port" | "mostSockets" | "crowded"> {
  readonly core: RelayCore;
  readonly checks: CheckPool;
  /** Passes a request to the store; its answer comes back through `RelayServer.answered`. */
  readonly store: (request: StoreRequest) => void;
  readonly isStoreReady: () => boolean;
  /** Whether agents are let in: those of a cluster's relay once it has caught up with the log. */
  readonly isOpen: () => boolean;
  /** So much waits for the store that no more frames are handled until answers come. */
  readonly isStoreFull: () => boolean;
  readonly trusted: readonly Cidr[];
  /** Who may read /metrics. */
  readonly metrics: readonly Cidr[];
  readonly history: HistoryAccess;
  readonly limits: LimitSettings;
  /** What the page says that it is of; null where there is to be none. */
  readonly page: { readonly version: string } | null;
  /** How files are kept; null where none are. */
  readonly blobs: BlobSettings | null;
  /** Asks for the files' worker: its port comes through `RelayServer.blobPort`. */
  readonly wantBlobs: () => void;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether the log has the figures every few seconds: what nobody reads is not made. */
  readonly reports: boolean;
  /** What a relay of a cluster has to say to the log and of itself. */
  readonly cluster?: (effect: ClusterEffect) => void;
}
