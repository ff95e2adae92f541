import type { Failure } from "../../lib/errors.ts";
import { logTrouble } from "./log_trouble.ts";
import { judgeVersion } from "./server_version.ts";

/** What one server's monitoring port says (docs.nats.io, "Monitoring", /varz). */
export interface ServerState {
  readonly name: string;
  readonly version: string;
  /** Whether each write is on its disk before it is acknowledged. */
  readonly isSynced: boolean;
}

/** Reads /varz; null for what is none, or of a server without JetStream. */
export function parseVarz(value: unknown): ServerState | null {
  const { server_name: name, version, jetstream } = fieldsOf(value);
  const { config } = fieldsOf(jetstream);
  if (typeof name !== "string" || typeof version !== "string") return null;
  if (typeof config !== "object" || config === null) return null;
  return { name, version, isSynced: fieldsOf(config).sync_always === true };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** What each monitor answered, by its address: null where it did not, or not as a nats-server with JetStream. */
export type MonitorAnswers = ReadonlyMap<string, ServerState | null>;

/**
 * Whether the servers that hold the log keep what they acknowledge through a power cut. A client can't see it, so each
 * server's monitoring port has to say so; one that does not answer may be down, as one of three may be.
 *
 * @param holders names of the servers that hold a copy of the log.
 * @throws {Failure} LOG_UNUSABLE, with the server named.
 */
export function requireSynced(
  answers: MonitorAnswers,
  holders: readonly string[],
): void {
  const states = [...answers.values()].filter((state) => state !== null);
  for (const state of states) requireGood(state);
  if (states.length === 0) {
    throw logTrouble(
      `none of ${
        [...answers.keys()].join(", ")
      } answers as the monitoring port of a nats-server with JetStream`,
      "set http: 127.0.0.1:8222, or an address of a private network, in each server's configuration, and name them all with --cluster-monitor",
    );
  }
  const silent = answers.size - states.length;
  const unseen = holders.filter((name) =>
    states.every((state) => state.name !== name)
  );
  if (unseen.length <= silent) return;
  throw logTrouble(
    `no --cluster-monitor shows whether ${unseen.join(", ")} syncs each write`,
    "name the monitoring port of every server that holds the log with --cluster-monitor",
  );
}

/** Monitors that did not answer: nobody knows yet of their servers. */
export function silentOf(answers: MonitorAnswers): string[] {
  return [...answers].filter(([, state]) => state === null)
    .map(([address]) => address);
}

function requireGood({ name, version, isSynced }: ServerState): void {
  if (judgeVersion(version) === "too_old") throw tooOld(name, version);
  if (isSynced) return;
  throw logTrouble(
    `the server ${name} acknowledges what is not on its disk yet, and loses it at a power cut`,
    "set sync_interval: always in the jetstream block of every server's configuration; to go on without it, --cluster-unsafe",
  );
}

/** A server whose log can't be trusted. */
export function tooOld(name: string, version: string): Failure {
  return logTrouble(
    `the server ${name} is nats-server ${version}, which can't sync each write`,
    "install 2.12 or newer; 2.10 is the least",
  );
}
