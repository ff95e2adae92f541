import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { BlobPeer, bytesOf, hashOf, manyBytes } from "../fakes/blob_peer.ts";
import { watchMemory } from "../fakes/process_figures.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";

const MB = 2 ** 20;
const TEA = { room: "tea" };
const FILES = 20;
/** Of each agent at once. */
const OF_ONE = 4;

Deno.test("relay: 20 files of 16 MB go in and out at once: memory + 50 MB at most, and messages go on", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay([
    ...["--join-age", "0", "--create-age", "0"],
  ]);
  const lines: RelayPeer[] = [];
  for (let n = 0; n < FILES / OF_ONE; n++) {
    const line = await RelayPeer.login(relay.url, { identity: agent(n) });
    if (n === 0) await line.create("tea");
    else await line.join("tea");
    lines.push(line);
  }
  const files = Array.from({ length: FILES }, () => manyBytes(16 * MB));
  const by = (n: number) =>
    new BlobPeer(relay.url, agent(Math.floor(n / OF_ONE)));
  const pongs: number[] = [];
  let isOver = false;
  const watch = (async () => {
    while (!isOver) {
      const began = performance.now();
      await lines[0]?.pong();
      pongs.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const memory = watchMemory(relay.process.pid);
  const began = performance.now();
  const puts = await Promise.all(
    files.map((bytes, n) => by(n).put(bytes, TEA)),
  );
  const putMs = performance.now() - began;
  const gets = await Promise.all(
    files.map((bytes, n) => by(n).get(bytes, TEA)),
  );
  const getMs = performance.now() - began - putMs;
  const peakBytes = memory.stop();
  isOver = true;
  await watch;
  assert.deepEqual(puts.map(({ status }) => status), files.map(() => 201));
  for (const [n, got] of gets.entries()) {
    const wanted = files[n];
    assert.ok(wanted);
    assert.equal(hashOf(bytesOf(got)), hashOf(wanted));
  }
  const worstPongMs = Math.round(Math.max(...pongs));
  const figures = {
    ...{ putMs: Math.round(putMs), getMs: Math.round(getMs), worstPongMs },
    peakMB: Math.round(peakBytes / MB),
  };
  console.log(JSON.stringify(figures));
  assert.ok(peakBytes <= 50 * MB, JSON.stringify(figures));
});
