import assert from "node:assert/strict";
import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import { churn, TABLES } from "../scenarios/churn.ts";
import { OPEN_RELAY } from "../scenarios/crowd.ts";
import { DeliveryRoom } from "../scenarios/deliveries.ts";
import { equalTimestamps } from "../scenarios/equal_timestamps.ts";
import { fuzz } from "../scenarios/fuzz.ts";
import { bytesOfIdle } from "../scenarios/idle_connections.ts";
import { killNine } from "../scenarios/kill_nine.ts";
import { loginRaces } from "../scenarios/login_races.ts";
import { restart } from "../scenarios/restart.ts";
import { slowReader } from "../scenarios/slow_reader.ts";
import { slowloris } from "../scenarios/slowloris.ts";
import { STRANGERS, warmUp, withStranger } from "../scenarios/strangers.ts";
import { messagesPerSecond } from "../scenarios/throughput.ts";

const MB = 2 ** 20;
const CHURN_MS = 60 * 60_000;

async function onRelay<Result>(
  action: (relay: StagedRelay) => Promise<Result>,
): Promise<Result> {
  await using stage = await Stage.open();
  return await action(await stage.startRelay(OPEN_RELAY));
}

for (const [name, stranger] of Object.entries(STRANGERS)) {
  Deno.test(`relay, 30 s of ${name}: memory + 50 MB at most, an honest login within 500 ms`, async () => {
    const result = await onRelay(async (relay) => {
      await warmUp(relay);
      return await withStranger(relay, stranger, 30_000);
    });
    assert.ok(result.worstLoginMs <= 500, JSON.stringify(result));
    assert.ok(result.peakBytes <= 50 * MB, JSON.stringify(result));
  });
}

Deno.test("relay: 60 s beside a member that stops reading", async () => {
  const result = await slowReader(60);
  assert.equal(result.missing, 0);
  assert.ok(result.p99 <= 100, JSON.stringify(result));
  // Its room hears of it 2 s later.
  assert.ok(result.cutAfterMs <= 12_000, JSON.stringify(result));
  assert.ok(result.peakBytes <= 100 * MB, JSON.stringify(result));
});

Deno.test("relay: 500 second logins that race joins", async () => {
  const { unheard, ghosts } = await loginRaces(500);
  assert.deepEqual({ unheard, ghosts }, { unheard: 0, ghosts: 0 });
});

Deno.test("relay: 1,000,000 fuzzed frames", async () => {
  const { faults, filesLeft } = await fuzz(1_000_000);
  assert.deepEqual({ faults, filesLeft }, { faults: [], filesLeft: 0 });
});

Deno.test("relay: 2,000 slowloris sockets: each closed within 15 s, an honest login within 500 ms", async () => {
  const result = await onRelay((relay) => slowloris(relay, 2_000));
  assert.ok(result.longestMs <= 15_000, JSON.stringify(result));
  assert.ok(result.worstLoginMs <= 500, JSON.stringify(result));
});

Deno.test("relay: 5,000 idle connections at 40 KB each at most", async () => {
  const bytes = await onRelay((relay) => bytesOfIdle(relay, 5_000));
  assert.ok(bytes <= 40 * 1024, `${bytes} bytes each`);
});

Deno.test("relay: 1,000 members: 60,000 deliveries a second; at 45,000 the 99th percentile within 100 ms", async () => {
  await onRelay(async (relay) => {
    const room = await DeliveryRoom.open([relay], 1_000);
    const even = await room.measure({
      messages: 450,
      deliveriesASecond: 45_000,
    });
    const most = await room.measure({
      messages: 900,
      deliveriesASecond: 90_000,
    });
    room.close();
    assert.deepEqual([even.missing, most.missing], [0, 0]);
    assert.ok(even.p99 <= 100, JSON.stringify(even));
    assert.ok(most.perSecond >= 60_000, JSON.stringify(most));
  });
});

Deno.test("relay: 6,000 messages a second stored, acknowledged and delivered, 40 pairs", async () => {
  const rate = await onRelay((relay) =>
    messagesPerSecond([relay], { pairs: 40, messages: 100_000 })
  );
  assert.ok(rate >= 6_000, `${rate} a second`);
});

Deno.test("relay: killed 20 times under 500 messages a second, nothing acknowledged is lost", async () => {
  const { acknowledged } = await killNine(20);
  assert.ok(acknowledged > 1_000, `only ${acknowledged} acknowledged`);
});

Deno.test("relay: 10,000 messages of one timestamp: paging gives each once, and each verifies", async () => {
  const all = { rows: 10_000, different: 10_000 };
  const { overSocket, overRest } = await equalTimestamps(10_000);
  assert.deepEqual({ overSocket, overRest }, {
    overSocket: all,
    overRest: all,
  });
});

Deno.test("relay: ready within 2 s with 1,000 rooms and 1,000,000 messages on disk", async () => {
  const { readyMs, rooms } = await restart({
    rooms: 1_000,
    messages: 1_000_000,
  });
  assert.equal(rooms, 1_000);
  assert.ok(readyMs <= 2_000, `${readyMs} ms`);
});

Deno.test("relay: 60 minutes of churn: its tables are back to where they were, its heap too", async () => {
  const { before, after, sessions } = await churn({
    ...{ warmUpMs: 30_000, ms: CHURN_MS, sessions: 0 },
    tables: TABLES,
  });
  assert.ok(sessions > 1_000, `only ${sessions} sessions`);
  for (const table of TABLES) assert.equal(after[table], before[table], table);
  const grown = (after.heap_bytes ?? NaN) - (before.heap_bytes ?? NaN);
  assert.ok(grown <= 5 * MB, `the heap grew by ${grown} bytes`);
});
