// What is asked of a daemon for itself: `identity`, `page`, `handover`, `stop`.

/** Answer of POST /v2/page. */
export interface PageLink {
  /** Opens the daemon's page in a browser, once, within two minutes. */
  readonly url: string;
}

/** GET /v2/identity, and `agentnet whoami --json`. */
export interface WhoAmI {
  readonly id: string;
  readonly name: string;
}

/** POST /v2/handover: its lock is free a moment later. */
export interface HandingOver {
  readonly status: "handing over";
  /** Messages that could not be sent before; the next daemon sends them. */
  readonly queued: number;
}

/** POST /v2/stop */
export interface Stopping {
  readonly status: "stopping";
}
