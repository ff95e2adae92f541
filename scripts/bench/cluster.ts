// Relays that share a log, one, two and three of them with their three servers
// on this host, beside a relay by itself.

import {
  percentile,
  residentBytes,
} from "../../tests/fakes/process_figures.ts";
import { acknowledgedIn } from "../../tests/scenarios/acknowledged_in.ts";
import { OPEN_RELAY } from "../../tests/scenarios/crowd.ts";
import { messagesPerSecond } from "../../tests/scenarios/throughput.ts";
import { ClusterStage } from "../cluster_stage.ts";
import { natsServer } from "../nats_servers.ts";
import { Stage, type StagedRelay } from "../stage.ts";
import { type BenchRow, benchRow } from "./table.ts";

const PAIRS = 24;
const MESSAGES = 12_000;
const EVEN = { senders: 12, perSecond: 300, seconds: 10 };
const NODES = ["a", "b", "c"];
const ALONE = "a relay by itself";
/** Of an acknowledgement at 300 a second, in milliseconds. */
const PROMISED_MS = 15;
const MEGABYTE = 1_000_000;

/** What some relays reach. */
interface Reached {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the relay that uses most. */
  readonly megabytes: number;
}

/** Messages a second, the wait for an acknowledgement and memory, with one, two and three relays. */
export async function benchCluster(): Promise<BenchRow[]> {
  if (natsServer() === undefined) {
    throw new Error(
      "no nats-server here: NATS_SERVER=$(scripts/nats_server.sh FOLDER) brings one",
    );
  }
  const alone = await reachedAlone();
  const rows: BenchRow[] = [];
  for (let count = 1; count <= NODES.length; count++) {
    const found = await reachedBy(NODES.slice(0, count));
    rows.push(...rowsOf(count, found, alone));
  }
  return rows;
}

async function reachedAlone(): Promise<Reached> {
  await using stage = await Stage.open();
  return await measure([await stage.startRelay(OPEN_RELAY)]);
}

async function reachedBy(nodes: readonly string[]): Promise<Reached> {
  await using stage = await Stage.open();
  const options = { stage, nodes, flags: OPEN_RELAY };
  await using cluster = await ClusterStage.start(options);
  return await measure(nodes.map((node) => cluster.relay(node)));
}

async function measure(relays: readonly StagedRelay[]): Promise<Reached> {
  const times = await acknowledgedIn(relays, EVEN);
  const perSecond = await messagesPerSecond(relays, {
    pairs: PAIRS,
    messages: MESSAGES,
  });
  const bytes = relays.map(({ process }) => residentBytes(process.pid));
  return {
    perSecond,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    megabytes: Math.max(...bytes) / MEGABYTE,
  };
}

function rowsOf(count: number, found: Reached, alone: Reached): BenchRow[] {
  const name = `cluster of ${count}`;
  return [
    benchRow({
      name: `${name}, stored, acknowledged, delivered`,
      figure: found.perSecond,
      unit: "messages/s",
      floor: ALONE,
      floorFigure: alone.perSecond,
    }),
    benchRow({
      name: `${name}, acknowledged at 300/s, p50`,
      figure: found.p50,
      unit: "ms",
      floor: "promised at most",
      floorFigure: PROMISED_MS,
    }),
    benchRow({
      name: `${name}, acknowledged at 300/s, p99`,
      figure: found.p99,
      unit: "ms",
      floor: ALONE,
      floorFigure: alone.p99,
    }),
    benchRow({
      name: `${name}, memory of a relay`,
      figure: found.megabytes,
      unit: "MB",
      floor: ALONE,
      floorFigure: alone.megabytes,
    }),
  ];
}
