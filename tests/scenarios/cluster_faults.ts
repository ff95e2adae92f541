import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { ClusterMember } from "../fakes/cluster_member.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { OPEN_RELAY, pause } from "./crowd.ts";
import { type HistoryRow, readHistory } from "./read_history.ts";

const MEMBERS = 24;
const ROOM = "all-of-us";

/** Messages that a daemon of the test keeps: more than are said. */
const BUFFER = "100000";
/** How long a daemon may take until it has what was said last, on any machine; milliseconds. */
const READ_MS = 60_000;

/** Something that befalls the servers or the relays, and is over when it returns. */
export type Fault = (cluster: ClusterStage) => Promise<void>;

export interface FaultsOptions {
  readonly faults: readonly Fault[];
  /** Between two messages of a member, in milliseconds. */
  readonly everyMs: number;
  /** Between two faults. */
  readonly calmMs: number;
}

export interface FaultsResult {
  readonly acknowledged: number;
  /** Of an acknowledgement, in milliseconds. */
  readonly longestWait: number;
  /** How long the members talked. */
  readonly seconds: number;
}

/** The server that leads ends at once, and comes back. */
export const killServer: Fault = async ({ servers }) => {
  const leader = await servers.leader() ?? 0;
  await servers.kill(leader);
  await pause(2_000);
  servers.spawn(leader);
  await servers.ready();
};

/** All of them at once, as when the power fails in all places. */
export const killServers: Fault = async ({ servers }) => {
  const all = Array.from({ length: servers.count }, (_, i) => i);
  await Promise.all(all.map((i) => servers.kill(i)));
  for (const i of all) servers.spawn(i);
  await servers.ready();
};

/** A server hangs, and wakes up late. */
export const pauseServer: Fault = async ({ servers }) => {
  const leader = await servers.leader() ?? 0;
  servers.pause(leader);
  await pause(4_000);
  servers.resume(leader);
};

export const killRelay = (node: string): Fault => async (cluster) => {
  await cluster.kill(node);
  await pause(500);
  await cluster.startRelay(node);
};

/** An upgrade of a relay, or of a server: it ends in order, and another takes its place. */
export const restartRelay = (node: string): Fault => async (cluster) => {
  await cluster.stop(node);
  await cluster.startRelay(node);
};

export const restartServer = (index: number): Fault => async ({ servers }) => {
  await servers.stop(index);
  servers.spawn(index);
  await servers.ready();
};

/** A relay hangs until the others have taken it for gone, and wakes up late. */
export const pauseRelay = (node: string): Fault => async (cluster) => {
  const { process } = cluster.relay(node);
  process.kill("SIGSTOP");
  await pause(6_000);
  process.kill("SIGCONT");
};

/**
 * Twenty-four agents at three relays talk in one room while faults befall the cluster, and three daemons listen.
 *
 * @throws AssertionError where anything that was acknowledged is lost, moved or doubled, a member's numbers have a
 *   hole, a daemon misses or doubles a message, or the relays differ.
 */
export async function clusterFaults(
  { faults, everyMs, calmMs }: FaultsOptions,
): Promise<FaultsResult> {
  await using stage = await Stage.open();
  await using cluster = await ClusterStage.start({ stage, flags: OPEN_RELAY });
  const urls = cluster.nodes.map((node) => cluster.relay(node).url);
  await makeRoom(urls[0] ?? "");
  const members = Array.from({ length: MEMBERS }, (_, i) =>
    new ClusterMember({
      identity: agent(1_000 + i),
      room: ROOM,
      urls: [...urls.slice(i % urls.length), ...urls.slice(0, i % urls.length)],
      everyMs,
    }));
  const daemons = await startDaemons(stage, urls);
  const began = performance.now();
  const running = Promise.all(members.map((member) => member.run()));
  await pause(calmMs);
  for (const fault of faults) {
    await fault(cluster);
    await pause(calmMs);
  }
  for (const member of members) member.stop();
  await running;
  const seconds = (performance.now() - began) / 1_000;
  const histories = await historiesOf(urls);
  assertAlike(histories);
  for (const member of members) assertKept(member, histories[0] ?? []);
  for (const daemon of daemons) await assertHeard(daemon, histories[0] ?? []);
  return {
    acknowledged: members.reduce((sum, one) => sum + one.acknowledged.size, 0),
    longestWait: Math.max(...members.flatMap(({ waits }) => waits)),
    seconds,
  };
}

/** One at each relay, which may go on at each other. */
async function startDaemons(
  stage: Stage,
  urls: readonly string[],
): Promise<StagedAgent[]> {
  return await Promise.all(urls.map(async (_, i) => {
    const daemon = stage.agent(`listener-${i}`);
    const relay = [...urls.slice(i), ...urls.slice(0, i)].join(",");
    await daemon.online({ relay, flags: ["--buffer", BUFFER] });
    const { code, stderr } = await daemon.run(["join", ROOM]);
    assert.equal(code, 0, stderr);
    return daemon;
  }));
}

/** From where it came in, it has each message once and in order. */
async function assertHeard(
  daemon: StagedAgent,
  history: readonly HistoryRow[],
): Promise<void> {
  const end = performance.now() + READ_MS;
  const last = history.at(-1)?.id;
  let ids: string[] = [];
  while (ids.at(-1) !== last && performance.now() < end) {
    ids = await heardBy(daemon);
  }
  const from = history.findIndex(({ id }) => id === ids[0]);
  assert.deepEqual(ids, history.slice(from).map(({ id }) => id), daemon.name);
  assert.ok(ids.length > 0, daemon.name);
}

async function heardBy(daemon: StagedAgent): Promise<string[]> {
  const ids: string[] = [];
  for (let after = 0, more = true; more;) {
    const { value } = await daemon.json([
      ...["messages", ROOM, "--after", `${after}`, "--limit", "200"],
    ]);
    assert.ok(Array.isArray(value.messages), JSON.stringify(value));
    const messages = value.messages as { id: string; cursor: number }[];
    ids.push(...messages.map(({ id }) => id));
    after = messages.at(-1)?.cursor ?? after;
    more = messages.length > 0;
  }
  return ids;
}

async function makeRoom(url: string): Promise<void> {
  const founder = await RelayPeer.login(url, { identity: agent(999) });
  await founder.create(ROOM);
  founder.close();
}

async function historiesOf(urls: readonly string[]): Promise<HistoryRow[][]> {
  const histories: HistoryRow[][] = [];
  for (const [i, url] of urls.entries()) {
    const reader = await RelayPeer.login(url, {
      identity: agent(2_000 + i),
      features: ["history"],
    });
    await reader.join(ROOM);
    histories.push(await readHistory(reader, ROOM));
    reader.close();
  }
  return histories;
}

function assertAlike([first = [], ...others]: readonly HistoryRow[][]): void {
  for (const other of others) assert.deepEqual(other, first);
}

function assertKept(
  { acknowledged, seen, faults }: ClusterMember,
  history: readonly HistoryRow[],
): void {
  assert.deepEqual(faults, []);
  const seqs = new Map<string, number[]>();
  for (const { id, seq } of history) {
    seqs.set(id, [...seqs.get(id) ?? [], seq]);
  }
  for (const [id, seq] of acknowledged) {
    assert.deepEqual(seqs.get(id), [seq], `acknowledged at ${seq}`);
  }
  for (const numbers of seen) {
    const [first = 0] = numbers;
    assert.deepEqual(numbers, numbers.map((_, i) => first + i), "a hole");
  }
}
