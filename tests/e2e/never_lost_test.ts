import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { LocalApi } from "../../lib/local_api/client.ts";
import { locateDaemon } from "../../lib/local_api/locate.ts";
import {
  type DaemonOptions,
  Stage,
  type StagedAgent,
} from "../../scripts/stage.ts";
import { FaultProxy } from "../fakes/fault_proxy.ts";

/** The whole measure is 5,000 messages; AGENTNET_TEST_MESSAGES asks for it. */
const MESSAGES = Number(Deno.env.get("AGENTNET_TEST_MESSAGES") ?? 500);
/** The faults below befall once in so many messages. */
const ROUND = Math.min(MESSAGES, 1_000);
const ROOMS = ["r0", "r1", "r2", "r3", "r4"];
/** From the last fault to everything being there, in milliseconds. */
const CALM_MS = 90_000;

async function apiOf(agent: StagedAgent): Promise<LocalApi> {
  const place = await locateDaemon({
    env: () => undefined,
    dataDir: agent.dataDir,
    readTextFile: (path) => Deno.readTextFile(path),
  });
  return new LocalApi(place, fetch);
}

/** Sends under one id until the daemon has answered for it. */
async function sendSurely(
  agent: StagedAgent,
  send: { readonly room: string; readonly text: string; readonly id: string },
): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      const api = await apiOf(agent);
      await api.send(send);
      return;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code !== "NO_DAEMON" && error.code !== "RATE_LIMITED") {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`the daemon never took ${send.id}`);
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + CALM_MS;
  while (!await check()) {
    if (Date.now() > end) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

Deno.test("mailbox: cuts, kill -9 of both daemons, a relay restarted: each message once, in order", async () => {
  await using stage = await Stage.open();
  const ages = ["--join-age", "0", "--create-age", "0", "--limits", "off"];
  let relay = await stage.startRelay(ages);
  const port = Number(new URL(relay.url).port);
  using near = new FaultProxy(port);
  using far = new FaultProxy(port);
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  const flags = ["--brakes", "off", "--buffer", String(MESSAGES * 2)];
  const adas: DaemonOptions = { relay: near.url, flags };
  const bobs: DaemonOptions = { relay: far.url, flags };
  let [adaRuns, bobRuns] = await Promise.all([
    ada.online(adas),
    bob.online(bobs),
  ]);
  for (const room of ROOMS) {
    await (await apiOf(ada)).create({ room });
    await (await apiOf(bob)).join({ room });
  }

  const at = (share: number) => Math.floor(ROUND * share);
  for (let n = 0; n < MESSAGES; n++) {
    const i = n % ROUND;
    if (i === at(0.2)) near.cut();
    if (i === at(0.3)) far.cut();
    if (i === at(0.4)) {
      bobRuns.kill("SIGKILL");
      await bobRuns.status;
    }
    if (i === at(0.5)) bobRuns = await bob.startDaemon(bobs);
    if (i === at(0.6)) {
      adaRuns.kill("SIGKILL");
      await adaRuns.status;
      adaRuns = await ada.startDaemon(adas);
    }
    if (i === at(0.7)) await relay.process.end();
    if (i === at(0.8)) {
      relay = await stage.startRelay(ages, { port });
      far.mostBytes = 7;
    }
    if (i === at(0.9)) {
      near.cut();
      far.cut();
    }
    if (i === at(0.95)) far.mostBytes = 65_536;
    const room = ROOMS[n % ROOMS.length] ?? "r0";
    await sendSurely(ada, { room, text: `message ${n}`, id: `id-${n}` });
  }

  const reader = await apiOf(bob);
  await until(async () => {
    const { count } = await reader.count({ all: true });
    return count >= MESSAGES;
  });
  for (const [n, room] of ROOMS.entries()) {
    const had: string[] = [];
    let after = 0;
    for (;;) {
      const page = await reader.messages({ room, after, limit: 500 });
      if (page.messages.length === 0) break;
      assert.ok(page.messages.every(({ verified }) => verified));
      had.push(...page.messages.map(({ id }) => id));
      after = page.messages.at(-1)?.cursor ?? Infinity;
      assert.deepEqual(page.gaps, []);
    }
    const said = Array.from({ length: MESSAGES }, (_, i) => i)
      .filter((i) => i % ROOMS.length === n)
      .map((i) => `id-${i}`);
    assert.deepEqual(had, said);
  }
  const status = await (await apiOf(ada)).status();
  assert.deepEqual([status.queued, status.failed_sends], [0, 0]);
});
