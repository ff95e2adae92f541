import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import type { RelayPeer } from "../fakes/relay_peer.ts";
import {
  closeAll,
  gather,
  logInMany,
  OPEN_RELAY,
  pause,
} from "../scenarios/crowd.ts";

const ROOM = "rush";
const SENDERS = 4;
const EACH = 1_500;
/** Rushes until the workers are there: how long one must be depends on the host. */
const MOST_RUSHES = 8;
/** Ten seconds without need, and a little. */
const ENDED_MS = 25_000;

Deno.test({
  name:
    "relay: in a rush workers check frames, each author's messages come in order and once, and afterwards no worker is left",
  ignore: navigator.hardwareConcurrency < 2,
  async fn() {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay(OPEN_RELAY);
    const peers = await logInMany(url, SENDERS + 1, { first: 700_000 });
    await gather(peers, ROOM);
    const [reader, ...senders] = peers as [RelayPeer, ...RelayPeer[]];
    const heard: string[] = [];
    reader.onText = (text) => heard.push(nameOf(text));
    let rushes = 0;
    let workers = 0;
    while (workers === 0 && rushes < MOST_RUSHES) {
      await rush(senders, rushes++);
      await all(heard, rushes);
      workers = await metric(url, "check_workers");
    }
    await rush(senders, rushes++);
    await all(heard, rushes);
    for (const [i] of senders.entries()) {
      assert.deepEqual(
        heard.filter((name) => name.startsWith(`s${i}-`)),
        Array.from({ length: rushes * EACH }, (_, n) => `s${i}-${n}`),
      );
    }
    assert.ok(workers > 0, "no worker was started");
    const end = performance.now() + ENDED_MS;
    while (await metric(url, "check_workers") > 0) {
      assert.ok(performance.now() < end, "workers are left");
      await pause(500);
    }
    closeAll(peers);
  },
});

async function rush(senders: readonly RelayPeer[], n: number): Promise<void> {
  const signed = senders.map((sender, i) =>
    Array.from(
      { length: EACH },
      (_, k) => sender.message(ROOM, "in a rush", `s${i}-${n * EACH + k}`),
    )
  );
  for (const [i, sender] of senders.entries()) {
    for (const frame of signed[i] ?? []) sender.text(frame);
  }
  await pause(0);
}

async function all(heard: readonly string[], rushes: number): Promise<void> {
  const end = performance.now() + 60_000;
  while (heard.length < rushes * EACH * SENDERS) {
    assert.ok(performance.now() < end, `${heard.length} came`);
    await pause(20);
  }
}

/** The id of a message, as its author wrote it. */
function nameOf(text: string): string {
  return /^\{"type":"message","id":"([^"]+)"/.exec(text)?.[1] ?? text;
}

async function metric(url: string, name: string): Promise<number> {
  const { host } = new URL(url);
  const answer = await fetch(`http://${host}/metrics`);
  const text = await answer.text();
  const line = new RegExp(`^agentnet_relay_${name} (\\S+)$`, "m").exec(text);
  return Number(line?.[1]);
}
