import assert from "node:assert/strict";
import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { closeAll, inBatches } from "../scenarios/crowd.ts";
import { assertTold, flapping } from "../scenarios/flapping.ts";

/** Bounds a relay that stands still, on a machine with other work too. */
const PONG_MS = 1_500;
/** Where other work slows even calm pongs: so many times the slowest of these. */
const MOST_TIMES_CALM = 20;

Deno.test("relay: one agent that logs in and joins fourteen times a second is held, told of to nobody, and shuts nobody out", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  assert.doesNotMatch(relay.process.output, /warn (?!.*limit of open files)/);
  const result = await flapping(relay, {
    ...{ rooms: 4, members: 12 },
    ...{ ms: 5_000, everyMs: 1_000 / 14, refused: 6 },
  });
  assert.ok(result.logins <= 30, JSON.stringify(result));
  assert.ok(result.refused >= 6, JSON.stringify(result));
  assertTold(result, 4);
  const most = Math.max(PONG_MS, MOST_TIMES_CALM * result.calmPongMs);
  assert.ok(result.worstPongMs < most, JSON.stringify(result));
  assert.ok(result.isOpenToOthers);
});

Deno.test("relay admin ban: a login that is parked at its proof ends there, and the proof comes too late", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const parked = await RelayPeer.open(relay.url, { identity: agent(1) });
  const profile = { id: agent(1).id, name: "parked", version: "1" };
  parked.signed({ type: "hello", profile });
  await parked.next("pow.challenge");
  const data = `${stage.folder}/relay`;
  const words = ["relay", "admin", "ban", agent(1).id, "--data", data];
  assert.equal((await stage.run(words)).code, 0);
  await assert.rejects(parked.next("welcome"), /AUTH_FAILED/);
  assert.equal((await parked.ended()).code, 1008);
});

Deno.test("relay: one address holds 512 logins that are under way, and others still get in", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const open = (i: number) =>
    RelayPeer.open(relay.url, {
      ...{ identity: fastIdentity(i), localAddress: "127.0.0.2" },
    });
  const waiting = await inBatches(512, open);
  await assert.rejects(open(512), /503/);
  const other = await RelayPeer.login(relay.url, { identity: agent(1) });
  other.close();
  closeAll(waiting);
});

/** A line whose hello bears a wrong signature, as if passed on by a proxy. */
async function failLogin(relay: StagedRelay, forwarded: string): Promise<void> {
  const peer = await RelayPeer.open(relay.url, {
    identity: agent(1),
    headers: { "x-forwarded-for": forwarded },
  });
  const profile = { id: agent(1).id, name: "x", version: "1" };
  const facts = { nonce: crypto.randomUUID(), timestamp: Date.now() };
  const signature = "1".repeat(64);
  peer.text(JSON.stringify({ type: "hello", profile, ...facts, signature }));
  await peer.ended();
}

Deno.test("relay --trust-proxy: bad logins from an address with ports, or from nobody knows where, block nobody else", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(["--trust-proxy", "127.0.0.1/32"]);
  const blocked = [
    (i: number) => `203.0.113.5:${50_000 + i}`,
    (i: number) => `[2001:db8::1]:${50_000 + i}`,
    (i: number) => ["unknown", "", "for=198.51.100.1", "_x", "?"][i] ?? "",
  ];
  for (const forwarded of blocked) {
    for (let i = 0; i < 5; i++) await failLogin(relay, forwarded(i));
    await assert.rejects(failLogin(relay, forwarded(0)), /403/);
  }
  const headers = { "x-forwarded-for": "203.0.113.6:50000" };
  for (const options of [{}, { headers }]) {
    const peer = await RelayPeer.login(relay.url, {
      ...{ identity: agent(2), ...options },
    });
    peer.close();
  }
  const metrics = relay.url.replace("ws:", "http:").replace(
    "/v1/ws",
    "/metrics",
  );
  for (const forwarded of ["203.0.113.7:54321", "unknown", "[::1]:1, _x"]) {
    const answer = await fetch(metrics, {
      headers: { "x-forwarded-for": forwarded },
    });
    await answer.body?.cancel();
    assert.equal(answer.status, 403, forwarded);
  }
  assert.match(relay.process.output, /warn .*--public-url/);
  const warnings = relay.process.output.match(/names no client/g);
  assert.equal(warnings?.length, 1);
});
