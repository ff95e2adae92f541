// Relays that share a log, one, two and three of them with their three servers
// on this host, beside a relay by itself.

import {
  cpuSeconds,
  percentile,
  residentBytes,
} from "../../tests/fakes/process_figures.ts";
import {
  acknowledgedIn,
  type EvenLoad,
} from "../../tests/scenarios/acknowledged_in.ts";
import { OPEN_RELAY } from "../../tests/scenarios/crowd.ts";
import { DeliveryRoom } from "../../tests/scenarios/deliveries.ts";
import { messagesPerSecond } from "../../tests/scenarios/throughput.ts";
import { ClusterStage } from "../cluster_stage.ts";
import { natsServer } from "../nats_servers.ts";
import { Stage, type StagedRelay } from "../stage.ts";
import { type BenchRow, benchRow } from "./table.ts";

/** How much each set of relays is given to do. */
export interface ClusterLoad {
  /** Pairs of agents, and what they say to each other in all. */
  readonly pairs: number;
  readonly messages: number;
  /** A room of so many, and how often all of them are told something, at once. */
  readonly members: number;
  readonly told: number;
  readonly even: EvenLoad;
}

const FULL: ClusterLoad = {
  ...{ pairs: 24, messages: 12_000, members: 300, told: 200 },
  even: { senders: 12, perSecond: 300, seconds: 10 },
};
const NODES = ["a", "b", "c"];
const ALONE = "a relay by itself";
/** Of an acknowledgement at 300 a second, in milliseconds. */
const PROMISED_MS = 15;
const MEGABYTE = 1_000_000;
const MICROSECONDS = 1_000_000;
/** Until what a start takes is done with. */
const REST_MS = 3_000;

/** What some relays reach. */
interface Reached {
  /** Messages, and deliveries in one room. */
  readonly perSecond: number;
  readonly delivered: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of all relays for a message meanwhile, in microseconds. */
  readonly cpuAMessage: number;
  /** Of the relay that uses most: before anybody came, and after all of it. */
  readonly atRest: number;
  readonly megabytes: number;
}

/** Messages and deliveries a second, the wait for an acknowledgement and memory, with one, two and three relays. */
export async function benchCluster(
  load: ClusterLoad = FULL,
): Promise<BenchRow[]> {
  if (natsServer() === undefined) {
    throw new Error(
      "no nats-server here: NATS_SERVER=$(scripts/nats_server.sh FOLDER) brings one",
    );
  }
  const alone = await reachedAlone(load);
  const rows: BenchRow[] = [];
  for (let count = 1; count <= NODES.length; count++) {
    const found = await reachedBy(NODES.slice(0, count), load);
    rows.push(...rowsOf(count, found, alone));
  }
  return rows;
}

async function reachedAlone(load: ClusterLoad): Promise<Reached> {
  await using stage = await Stage.open();
  return await measure([await stage.startRelay(OPEN_RELAY)], load);
}

async function reachedBy(
  nodes: readonly string[],
  load: ClusterLoad,
): Promise<Reached> {
  await using stage = await Stage.open();
  const options = { stage, nodes, flags: OPEN_RELAY };
  await using cluster = await ClusterStage.start(options);
  return await measure(nodes.map((node) => cluster.relay(node)), load);
}

async function measure(
  relays: readonly StagedRelay[],
  load: ClusterLoad,
): Promise<Reached> {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const atRest = megabytesOf(relays);
  const before = cpuOf(relays);
  const times = await acknowledgedIn(relays, load.even);
  const cpuAMessage = (cpuOf(relays) - before) / times.length * MICROSECONDS;
  const perSecond = await messagesPerSecond(relays, load);
  const delivered = await deliveredPerSecond(relays, load);
  return {
    ...{ perSecond, delivered, atRest, cpuAMessage },
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    megabytes: megabytesOf(relays),
  };
}

async function deliveredPerSecond(
  relays: readonly StagedRelay[],
  { members, told }: ClusterLoad,
): Promise<number> {
  const room = await DeliveryRoom.open(relays, members);
  const burst = { messages: told, deliveriesASecond: Infinity };
  const { perSecond, missing } = await room.measure(burst);
  room.close();
  if (missing > 0) throw new Error(`${missing} deliveries are missing`);
  return perSecond;
}

function cpuOf(relays: readonly StagedRelay[]): number {
  return relays.reduce((sum, { process }) => sum + cpuSeconds(process.pid), 0);
}

function megabytesOf(relays: readonly StagedRelay[]): number {
  const bytes = relays.map(({ process }) => residentBytes(process.pid));
  return Math.max(...bytes) / MEGABYTE;
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
      name: `${name}, deliveries in one room`,
      figure: found.delivered,
      unit: "deliveries/s",
      floor: ALONE,
      floorFigure: alone.delivered,
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
      name: `${name}, processor time a message at 300/s, of all relays`,
      figure: found.cpuAMessage,
      unit: "µs",
      floor: ALONE,
      floorFigure: alone.cpuAMessage,
    }),
    benchRow({
      name: `${name}, memory of a relay at rest`,
      figure: found.atRest,
      unit: "MB",
      floor: ALONE,
      floorFigure: alone.atRest,
    }),
    benchRow({
      name: `${name}, memory of a relay after that`,
      figure: found.megabytes,
      unit: "MB",
      floor: ALONE,
      floorFigure: alone.megabytes,
    }),
  ];
}
