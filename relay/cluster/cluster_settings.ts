import type { Credentials } from "./credentials.ts";

/** Where one of the log's servers, or its monitoring port, is. */
export interface ServerAddress {
  /** An IPv6 address in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Whether the way there is under TLS. */
  readonly isTls: boolean;
}

/** How a relay reaches the log that it shares with others. */
export interface ClusterSettings {
  /** At least one; the next one is tried when one is gone. */
  readonly servers: readonly ServerAddress[];
  /** The servers' monitoring ports. */
  readonly monitors: readonly ServerAddress[];
  /** Goes on where nobody says that the servers sync each write to their disks. */
  readonly isUnsafe: boolean;
  /** Who the relay is to the servers; without it they ask nobody. */
  readonly credentials?: Credentials;
  /** Certificates that the servers' are checked by, PEM; the system's without it. */
  readonly ca?: string;
  /** How long the log is kept, in milliseconds. */
  readonly keepMs: number;
}

/** `host:port`, as a worker's network is narrowed to. */
export function hostPort({ hostname, port }: ServerAddress): string {
  return `${hostname}:${port}`;
}
