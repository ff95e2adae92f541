import { ClusterStage } from "../../scripts/cluster_stage.ts";
import type { NatsOptions } from "../../scripts/nats_servers.ts";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { CutDisk } from "../fakes/cut_disk.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { OPEN_RELAY, pause } from "./crowd.ts";
import { type HistoryRow, readHistory } from "./read_history.ts";

const NODES = ["a", "b", "c"];
const SPEAKERS = 12;
const PER_SECOND = 100;
const ROOM = "power";
/** How long they talk until the power fails: at least, and how much more at random; milliseconds. */
const TALK = { least: 2_000, more: 6_000 } as const;
/** What each server may keep: the smallest log has room. */
const STORE = "max_file_store: 2G";

export interface PowerLossOptions {
  readonly cuts: number;
  readonly sync: NonNullable<NatsOptions["sync"]>;
}

export interface PowerLoss {
  readonly acknowledged: number;
  /** Acknowledged, and afterwards not in the log once and at its number. */
  readonly lost: number;
}

/** Id and number. */
type Acknowledged = Map<string, number>;

/**
 * Agents talk at three relays, until the power of the one disk of all servers and relays is cut; again and again. After
 * each cut a relay with an empty folder tells what the log still has, and then each with what its own view has become.
 * Ends with the first cut that lost something.
 */
export async function powerLoss(
  { cuts, sync }: PowerLossOptions,
): Promise<PowerLoss> {
  await using stage = await Stage.open();
  using disk = CutDisk.mounted(stage.folder);
  await using cluster = await ClusterStage.start({
    stage,
    nodes: NODES,
    folder: disk.folder,
    servers: { sync, store: STORE },
    flags: [...OPEN_RELAY, ...sync === "always" ? [] : ["--cluster-unsafe"]],
  });
  const acknowledged: Acknowledged = new Map();
  for (let cut = 1; cut <= cuts; cut++) {
    await talk(cluster, acknowledged, cut, () => disk.cut());
    await powerBack(cluster, disk);
    await cluster.startRelay(`judge-${cut}`);
    const lost = countLost(acknowledged, await told(cluster, `judge-${cut}`));
    if (lost > 0) return { acknowledged: acknowledged.size, lost };
    await cluster.stop(`judge-${cut}`);
    await Promise.all(NODES.map((node) => cluster.startRelay(node)));
    for (const node of NODES) {
      const lost = countLost(acknowledged, await told(cluster, node));
      if (lost > 0) return { acknowledged: acknowledged.size, lost };
    }
  }
  return { acknowledged: acknowledged.size, lost: 0 };
}

/** Until the power is cut, in the middle of it. */
async function talk(
  cluster: ClusterStage,
  acknowledged: Acknowledged,
  round: number,
  cut: () => void,
): Promise<void> {
  const peers = await Promise.all(
    Array.from({ length: SPEAKERS }, (_, i) => enter(cluster, i, round)),
  );
  let isOn = true;
  for (const peer of peers) {
    peer.onFrame = ({ type, id, seq }) => {
      if (isOn && type === "message.ack") {
        acknowledged.set(String(id), Number(seq));
      }
    };
  }
  const ms = TALK.least + Math.random() * TALK.more;
  const from = performance.now();
  for (let i = 0; i < ms * PER_SECOND / 1_000; i++) {
    await pause(from + i * 1_000 / PER_SECOND - performance.now());
    const peer = peers[i % peers.length];
    peer?.text(peer.message(ROOM, `${i} of round ${round}`));
  }
  cut();
  isOn = false;
  for (const peer of peers) peer.socket.terminate();
}

/** The first of all makes the room. */
async function enter(
  cluster: ClusterStage,
  index: number,
  round: number,
): Promise<RelayPeer> {
  const { url } = cluster.relay(NODES[index % NODES.length] ?? "a");
  const peer = await RelayPeer.login(url, {
    identity: agent(3_000 + index),
    features: ["ack"],
  });
  if (index === 0 && round === 1) await peer.create(ROOM);
  else await joinSoon(peer);
  return peer;
}

/** Whoever comes first waits for who makes the room. */
async function joinSoon(peer: RelayPeer): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      await peer.join(ROOM);
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await pause(100);
    }
  }
}

/** Every process was on the machines that are without power; then all of it comes back. */
async function powerBack(cluster: ClusterStage, disk: CutDisk): Promise<void> {
  const { servers } = cluster;
  const all = Array.from({ length: servers.count }, (_, i) => i);
  await Promise.all([
    ...all.map((i) => servers.kill(i)),
    ...NODES.map((node) => cluster.kill(node)),
  ]);
  disk.unmount();
  disk.mount();
  for (const i of all) servers.spawn(i);
  await servers.ready();
}

/** The room's history at a relay; nothing where it knows no such room. */
async function told(
  cluster: ClusterStage,
  node: string,
): Promise<HistoryRow[]> {
  const { url } = cluster.relay(node);
  const reader = await RelayPeer.login(url, {
    identity: agent(4_000),
    features: ["history"],
  });
  try {
    await reader.join(ROOM);
    return await readHistory(reader, ROOM);
  } catch (error) {
    if (`${error}`.includes("ROOM_NOT_FOUND")) return [];
    throw error;
  } finally {
    reader.close();
  }
}

function countLost(
  acknowledged: Acknowledged,
  history: readonly HistoryRow[],
): number {
  const seqs = new Map<string, number[]>();
  for (const { id, seq } of history) {
    seqs.set(id, [...seqs.get(id) ?? [], seq]);
  }
  return [...acknowledged].filter(([id, seq]) => {
    const found = seqs.get(id) ?? [];
    return found.length !== 1 || found[0] !== seq;
  }).length;
}
