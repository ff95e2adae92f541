import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { ClusterDaemon } from "../fakes/cluster_daemon.ts";
import { ClusterMember } from "../fakes/cluster_member.ts";
import { ClusterWires } from "../fakes/cluster_wires.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { type Fault, isReady } from "./cluster_faults.ts";
import { OPEN_RELAY, pause } from "./crowd.ts";
import { type HistoryRow, readHistory } from "./read_history.ts";

const MEMBERS = 24;
const ROOM = "all-of-us";

/** How long a daemon may take until it has what was said last, on any machine; milliseconds. */
const READ_MS = 180_000;

export interface TalkingOptions {
  readonly faults: readonly Fault[];
  /** Messages a second of the members, whatever becomes of them; each daemon says as many as a member besides. */
  readonly perSecond: number;
  /** Between two faults, in milliseconds. */
  readonly calmMs: number;
  /** Whether something that faults can cut stands between everybody. */
  readonly hasWires?: boolean;
}

export interface TalkingResult {
  readonly acknowledged: number;
  /** Of an acknowledgement, in milliseconds. */
  readonly longestWait: number;
  /** Messages a second that were said while it lasted, the daemons' included. */
  readonly perSecond: number;
}

/**
 * Twenty-four agents at three relays and three daemons talk in one room while faults befall the cluster.
 *
 * @throws AssertionError where anything that was acknowledged is lost, moved or doubled, a member's numbers have a
 *   hole, a daemon misses or doubles a message, or the relays differ.
 */
export async function talkingCluster(
  { faults, perSecond, calmMs, hasWires = false }: TalkingOptions,
): Promise<TalkingResult> {
  using wires = new ClusterWires();
  await using stage = await Stage.open();
  await using cluster = await ClusterStage.start({
    stage,
    flags: OPEN_RELAY,
    ...hasWires ? { wires } : {},
  });
  const urls = cluster.nodes.map((node) => cluster.relay(node).url);
  await makeRoom(urls[0] ?? "");
  const everyMs = 1_000 * MEMBERS / perSecond;
  const members = membersOf(urls, everyMs);
  const daemons = await daemonsOf(stage, urls, everyMs);
  const talkers = [...members, ...daemons];
  const began = performance.now();
  let seconds = NaN;
  const befall = async () => {
    await pause(calmMs);
    for (const fault of faults) {
      await fault(cluster, wires);
      await pause(calmMs);
    }
    for (const talker of talkers) talker.stop();
    seconds = (performance.now() - began) / 1_000;
  };
  await Promise.all([befall(), ...talkers.map((talker) => talker.run())]);
  await Promise.all(urls.map(isReady));
  const histories = await historiesOf(urls);
  assertAlike(histories);
  const [history = []] = histories;
  for (const member of members) assertKept(member, history);
  for (const daemon of daemons) await assertHeard(daemon, history);
  const acknowledged = sum(members.map((one) => one.acknowledged.size));
  const taken = sum(daemons.map(({ said }) => said.length));
  return {
    acknowledged,
    longestWait: members.flatMap(({ waits }) => waits)
      .reduce((most, wait) => Math.max(most, wait), 0),
    perSecond: (acknowledged + taken) / seconds,
  };
}

function membersOf(urls: readonly string[], everyMs: number): ClusterMember[] {
  return Array.from({ length: MEMBERS }, (_, i) =>
    new ClusterMember({
      identity: agent(1_000 + i),
      room: ROOM,
      urls: from(urls, i % urls.length),
      everyMs,
    }));
}

/** One at each relay, which may go on at each other. */
function daemonsOf(
  stage: Stage,
  urls: readonly string[],
  everyMs: number,
): Promise<ClusterDaemon[]> {
  return Promise.all(
    urls.map((_, i) =>
      ClusterDaemon.start(stage, `daemon-${i}`, {
        room: ROOM,
        urls: from(urls, i),
        everyMs,
      })
    ),
  );
}

function from<T>(list: readonly T[], first: number): T[] {
  return [...list.slice(first), ...list.slice(0, first)];
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
  const seqs = seqsOf(history);
  for (const [id, seq] of acknowledged) {
    assert.deepEqual(seqs.get(id), [seq], `acknowledged at ${seq}`);
  }
  for (const numbers of seen) {
    const [first = 0] = numbers;
    assert.deepEqual(numbers, numbers.map((_, i) => first + i), "a hole");
  }
}

/** From where it came in, it has each message of others once and in order, and each of its own is there once. */
async function assertHeard(
  daemon: ClusterDaemon,
  history: readonly HistoryRow[],
): Promise<void> {
  const seqs = seqsOf(history);
  const own = new Set(daemon.said);
  for (const id of own) {
    assert.equal(seqs.get(id)?.length, 1, `${daemon.name} said ${id}`);
  }
  const others = history.map(({ id }) => id).filter((id) => !own.has(id));
  const ids = await daemon.heard(others.at(-1) ?? "", READ_MS);
  assert.ok(ids.length > 0, daemon.name);
  const first = others.indexOf(ids[0] ?? "");
  const wanted = others.slice(first);
  const had = new Set(ids);
  const missing = wanted.filter((id) => !had.has(id)).length;
  assert.equal(missing, 0, `of ${wanted.length}: ${daemon.printed}`);
  assert.deepEqual(ids, wanted, daemon.name);
}

function seqsOf(history: readonly HistoryRow[]): Map<string, number[]> {
  const seqs = new Map<string, number[]>();
  for (const { id, seq } of history) {
    seqs.set(id, [...seqs.get(id) ?? [], seq]);
  }
  return seqs;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
