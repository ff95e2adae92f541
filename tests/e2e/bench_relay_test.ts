// `agentnet bench relay` against a relay of its own, limits and all.

import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

Deno.test("bench relay: each time is measured, nothing is missing, and nobody is left in the room", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const line = ["bench", "relay", url, "--agents", "3", "--messages", "50"];
  const { code, stdout, stderr } = await stage.run([...line, "--json"]);
  assert.equal(code, 0, stderr);
  const trial = JSON.parse(stdout);
  assert.deepEqual(
    [trial.agents, trial.missing, trial.features],
    [3, 0, ["ack"]],
  );
  const counts = ["login", "ping", "receipt", "delivery", "fan_out"]
    .map((name) => trial[`${name}_ms`].count);
  assert.deepEqual(counts, [3, 20, 50, 100, 50]);
  const { median, p95, max } = trial.delivery_ms;
  assert.ok(0 < median && median <= p95 && p95 <= max, stdout);
  assert.ok(trial.fan_out_ms.max <= max, stdout);
  const rooms = new URL(url.replace("ws:", "http:"));
  rooms.pathname = "/api/rooms";
  const { rooms: left } = await (await fetch(rooms)).json();
  assert.deepEqual(left.map(({ agents }: { agents: number }) => agents), [0]);
});

Deno.test("bench relay: a relay that wants older connections is waited for, or named as the reason", async () => {
  await using stage = await Stage.open();
  const gates = ["--join-age", "2s", "--create-age", "2s"];
  const { url } = await stage.startRelay(gates);
  const line = ["bench", "relay", url, "--agents", "2", "--messages", "1"];
  const early = await stage.run([...line, "--wait", "1ms"]);
  assert.equal(early.code, 5);
  assert.match(early.stderr, /older/);
  const waited = await stage.run(line);
  assert.equal(waited.code, 0, waited.stderr);
  assert.match(waited.stderr, /^agentnet: waiting /);
  assert.match(waited.stdout, /deliveries missing +0\n$/);
});

Deno.test("bench relay: nobody there is not yet, with the reason", async () => {
  await using stage = await Stage.open();
  const { code, stderr } = await stage.run([
    ...["bench", "relay", "ws://127.0.0.1:1/v1/ws"],
  ]);
  assert.equal(code, 5);
  assert.match(stderr, /^agentnet: .*; /);
});
