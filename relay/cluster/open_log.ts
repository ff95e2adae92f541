import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  type StreamInfo,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../../lib/clock.ts";
import type { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { BATCH } from "../core/log/op.ts";
import type { ClusterSettings } from "./cluster_settings.ts";
import { checkStream, LOG, LOG_SIZES, wantedStream } from "./log_stream.ts";
import { logTrouble } from "./log_trouble.ts";
import { askMonitors } from "./monitors.ts";
import { NoViewTaken } from "./no_view_taken.ts";
import { judgeVersion } from "./server_version.ts";
import { requireSynced, tooOld } from "./synced_servers.ts";

/** The log's servers, as far as they were reached. */
export interface Servers {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
}

export interface OpenLogOptions {
  readonly settings: ClusterSettings;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Finds the stream of the log as it must be, or makes it, and servers that keep what they acknowledge.
 *
 * @throws {Failure} LOG_UNUSABLE, with what to change in the servers' configuration; Error where the servers can't say
 *   now, as while they elect a leader.
 */
export async function openLog(
  servers: Servers,
  { settings, clock, log }: OpenLogOptions,
): Promise<void> {
  requireServer(servers.connection, log);
  const info = await streamOf(servers, settings.keepMs);
  if (settings.isUnsafe) {
    return log.warn("nobody checks that the log survives a power cut", {
      fix: "leave --cluster-unsafe out",
    });
  }
  requireSynced(await askMonitors(settings, clock), holders(info));
}

function requireServer({ info }: NatsConnection, log: Logger): void {
  if (info === undefined) throw new Error("the server said nothing of itself");
  const { server_name: name, version, max_payload: most } = info;
  const verdict = judgeVersion(version);
  if (verdict === "too_old") throw tooOld(name, version);
  if (verdict === "old") {
    const fix = "install nats-server 2.12 or newer when you can";
    log.warn("an old server of the log", { server: name, version, fix });
  }
  if (info.jetstream !== true) {
    throw logTrouble(
      `the server ${name} has no JetStream`,
      "add a jetstream block to each server's configuration",
    );
  }
  if (most < 2 * BATCH.bytes) {
    throw logTrouble(
      `the server ${name} takes ${most} bytes at once`,
      `set max_payload in each server's configuration to ${
        4 * BATCH.bytes
      }, which it is unless it is set`,
    );
  }
}

async function streamOf(
  servers: Servers,
  keepMs: number,
): Promise<StreamInfo> {
  const { manager } = servers;
  const info = await streamInfo(manager) ?? await makeStream(servers, keepMs);
  const change = checkStream(info.config, keepMs);
  return change === null
    ? info
    : await manager.streams.update(LOG.stream, change);
}

/** Null where there is none. */
export async function streamInfo(
  manager: JetStreamManager,
): Promise<StreamInfo | null> {
  try {
    return await manager.streams.info(LOG.stream);
  } catch (error) {
    if (apiCode(error) === JetStreamApiCodes.StreamNotFound) return null;
    throw apiTrouble(error, "a server of it");
  }
}

async function makeStream(
  { manager, connection }: Servers,
  keepMs: number,
): Promise<StreamInfo> {
  let refusal: unknown;
  for (const bytes of LOG_SIZES) {
    try {
      return await manager.streams.add(wantedStream(keepMs, bytes));
    } catch (error) {
      // Another relay made it at the same moment.
      const info = apiCode(error) === undefined
        ? null
        : await streamInfo(manager);
      if (info !== null) return info;
      refusal = error;
      if (!isForSize(error)) break;
    }
  }
  throw apiTrouble(refusal, `the server ${connection.info?.server_name}`);
}

/** Codes of the JetStream API (nats-server, server/errors.json) by which somebody has to change the servers' settings. */
const CODES = {
  noPeers: 10_005,
  noResources: 10_023,
  noStorage: 10_047,
  tooManyCopies: 10_074,
} as const;

const THREE_SERVERS =
  "run at least three servers as one cluster, each with JetStream";
const NEEDS_CHANGE: ReadonlyMap<number, string> = new Map([
  [
    JetStreamApiCodes.JetStreamNotEnabledForAccount,
    "let the relay's account use JetStream",
  ],
  [CODES.noPeers, THREE_SERVERS],
  [CODES.tooManyCopies, THREE_SERVERS],
]);
const MORE_ROOM =
  "give each server's jetstream block a max_file_store of 1 GB or more, and as much room on its disk";

/** Whether a smaller log might do: where the servers have no room, they name storage or resources. */
function isForSize(error: unknown): boolean {
  const code = apiCode(error);
  return code === CODES.noStorage || code === CODES.noResources ||
    (code === CODES.noPeers && `${error}`.includes("storage"));
}

/** Whether a server is only not there now, as while all of them are starting: that passes. */
function isPassing(error: unknown): boolean {
  return apiCode(error) === CODES.noPeers && `${error}`.includes("offline");
}

/** What has to be changed for what a server refused; `by` names the server. */
function apiTrouble(error: unknown, by: string): unknown {
  if (isPassing(error)) return error;
  const fix = isForSize(error)
    ? MORE_ROOM
    : NEEDS_CHANGE.get(apiCode(error) ?? 0);
  if (fix === undefined || !(error instanceof Error)) return error;
  const says = apiCode(error) === CODES.tooManyCopies
    ? "is of no cluster, and says"
    : "says";
  return logTrouble(`${by} ${says}: ${error.message}`, fix, error);
}

function apiCode(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

/** Names of the servers that hold a copy. */
function holders({ cluster }: StreamInfo): string[] {
  const { leader, replicas = [] } = cluster ?? { leader: undefined };
  return [leader, ...replicas.map(({ name }) => name)]
    .filter((name) => name !== undefined);
}

/** How far a view has come. */
export interface ViewPlace {
  readonly after: number;
  /** Names the log that it was made from; null for an empty view. */
  readonly log: string | null;
}

type LogExtent = Pick<StreamInfo, "created" | "state">;

/** Whether all that a view lacks is that the log's beginning is gone. */
export function isCut(
  { created, state }: LogExtent,
  { after, log }: ViewPlace,
): boolean {
  return (log === null || log === created) && state.last_seq >= after &&
    state.first_seq > after + 1;
}

/**
 * What makes the log unfit for a view that was made from one.
 *
 * @param noCopy why there is no copy of another relay's view.
 */
export function viewTrouble(
  { created, state }: LogExtent,
  { after, log }: ViewPlace,
  noCopy = new NoViewTaken("none was asked for"),
): Failure | null {
  if (log !== null && log !== created) {
    return logTrouble(
      `it is another one (made ${created}) than the one that this relay's data was made from (${log})`,
      "name the servers of the first with --cluster, or an empty folder with --data",
    );
  }
  if (state.last_seq < after) {
    return logTrouble(
      `it ends at ${state.last_seq}, before ${after}, which this relay has applied: the servers lost the end of it`,
      'see docs/operating-a-cluster.md, "When the log was lost"',
    );
  }
  if (state.first_seq > after + 1) {
    return logTrouble(
      `it begins at ${state.first_seq} by now, this relay has applied it to ${after} alone, and of another's view there is no copy: ${noCopy.message}`,
      noCopy.fix,
    );
  }
  return null;
}
