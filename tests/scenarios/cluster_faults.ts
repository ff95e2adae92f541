// What befalls the servers, the relays and the lines between them.

import assert from "node:assert/strict";
import type { ClusterStage } from "../../scripts/cluster_stage.ts";
import type { ClusterWires } from "../fakes/cluster_wires.ts";
import type { FaultProxy } from "../fakes/fault_proxy.ts";
import type { WrongClock } from "../fakes/wrong_clock.ts";
import { holdsSoon, pause } from "./crowd.ts";

/** Something that befalls a cluster, and is over when it returns. */
export type Fault = (
  cluster: ClusterStage,
  wires: ClusterWires,
) => Promise<void>;

/** Longer than the others take to hold a relay for gone, or the servers to choose another leader; milliseconds. */
const LINE_LOST_MS = 5_000;
/** How long a relay may take until it says what is wrong with it, on any machine; milliseconds. */
const SAID_MS = 90_000;

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

/** A relay that is started with a wrong clock says so in `/ready`, and nothing else comes of it. */
export const turnClock =
  (node: string, clock: WrongClock): Fault => async (cluster) => {
    await cluster.stop(node);
    await cluster.startRelay(node, clock.env);
    await notReady(cluster.relay(node).url);
    await pause(2_000);
    await cluster.stop(node);
    await cluster.startRelay(node);
  };

function notReady(url: string): Promise<void> {
  return saysReady(
    url,
    ({ status, text }) => status === 503 && text.includes("clock"),
  );
}

/** Waits until a relay serves. @throws AssertionError with what it says instead */
export function isReady(url: string): Promise<void> {
  return saysReady(url, ({ status }) => status === 200);
}

async function saysReady(
  url: string,
  isWanted: (said: { status: number; text: string }) => boolean,
): Promise<void> {
  const { host } = new URL(url);
  const end = performance.now() + SAID_MS;
  for (;;) {
    const answer = await fetch(`http://${host}/ready`);
    const said = { status: answer.status, text: await answer.text() };
    if (isWanted(said)) return;
    assert.ok(performance.now() < end, `${url}: ${JSON.stringify(said)}`);
    await pause(200);
  }
}

/** Some at the same time. */
export const together = (...faults: readonly Fault[]): Fault =>
async (
  cluster,
  wires,
) => {
  await Promise.all(faults.map((fault) => fault(cluster, wires)));
};

/** A relay reaches no server for a while. */
export const severRelay = (node: string): Fault => (_, wires) =>
  lineLost(wires.ofRelay(node), (line) => line.sever());

/** Nothing comes or goes between a relay and the servers for a while; then all of it does, late. */
export const stallRelay = (node: string): Fault => (_, wires) =>
  lineLost(wires.ofRelay(node), (line) => line.stall());

/**
 * The server that leads reaches no other, and relays still reach it, until each of them has found another way to the
 * log.
 */
export const severServer: Fault = async (cluster, wires) => {
  const { servers } = cluster;
  const leader = await servers.leader() ?? 0;
  await lineLost(wires.ofServer(leader), (line) => line.sever(), async () => {
    await holdsSoon(async () =>
      assert.equal(await servers.routes(leader), 0, "a way past the wires")
    );
    const urls = cluster.nodes.map((node) => cluster.relay(node).url);
    await Promise.all(urls.map(isReady));
  });
  await servers.ready();
};

export const stallServer: Fault = async ({ servers }, wires) => {
  const leader = await servers.leader() ?? 0;
  await lineLost(wires.ofServer(leader), (line) => line.stall());
  await servers.ready();
};

async function lineLost(
  lines: readonly FaultProxy[],
  lose: (line: FaultProxy) => void,
  meanwhile: () => Promise<void> = async () => {},
): Promise<void> {
  for (const line of lines) lose(line);
  await pause(LINE_LOST_MS);
  await meanwhile();
  for (const line of lines) line.resume();
}
