import assert from "node:assert/strict";
import {
  canForbidWrites,
  canMount,
  databaseLocked,
  DISK_FULL,
  diskFault,
  type DiskFaultResult,
  READ_ONLY,
} from "../scenarios/disk_faults.ts";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { equalTimestamps } from "../scenarios/equal_timestamps.ts";

const REFUSED = "RATE_LIMITED: the relay can't store this just now";

/**
 * So many times fewer pongs may come in the trouble than from a calm relay beside: a loop that waits for a disk has
 * none, and other work on the machine slows both.
 */
const MOST_TIMES_FEWER = 10;
/** The slowest pong of a loop that stands still for once, and where other work slows the calm relay's: so many times that. */
const PONG_MS = 1_500;
const MOST_TIMES_CALM = 20;

function assertHarmless(result: DiskFaultResult): void {
  const { acknowledged, lost, risen, recovers, refusals, pongs } = result;
  assert.ok(acknowledged > 50, `only ${acknowledged} acknowledged`);
  assert.deepEqual({ lost, risen, recovers, refusals }, {
    lost: 0,
    risen: 0,
    recovers: true,
    refusals: [REFUSED],
  });
  assert.deepEqual(result.readiness, [
    "503, store_ready 0",
    "200, store_ready 1",
  ]);
  const { inTrouble, elsewhere } = pongs;
  assert.ok(
    inTrouble.count > 1 &&
      inTrouble.count * MOST_TIMES_FEWER >= elsewhere.count,
    JSON.stringify(result),
  );
  const most = Math.max(PONG_MS, MOST_TIMES_CALM * elsewhere.slowestMs);
  assert.ok(inTrouble.slowestMs <= most, JSON.stringify(result));
}

Deno.test({
  name:
    "relay: a full disk: refused, never acknowledged, nothing else stands still, and it recovers",
  ignore: !canMount(),
  fn: async () =>
    assertHarmless(await diskFault(DISK_FULL, { isMounted: true })),
});

Deno.test("relay: a database locked for 5 s: refused or kept waiting, never lost, nothing else stands still", async () => {
  assertHarmless(await diskFault(databaseLocked(), { isMounted: false }));
});

Deno.test({
  name:
    "relay: a journal that takes no writes: refused, never acknowledged, and it recovers",
  ignore: !canForbidWrites(),
  fn: async () =>
    assertHarmless(await diskFault(READ_ONLY, { isMounted: false })),
});

Deno.test("relay: 2,000 messages of one timestamp: paging over socket and REST gives each once, and each verifies", async () => {
  const all = { rows: 2_000, different: 2_000 };
  assert.deepEqual(await equalTimestamps(2_000), {
    stored: 2_000,
    overSocket: all,
    overRest: all,
  });
});

Deno.test("relay: a database damaged while it runs ends it with an exit code, and it says what to do", async () => {
  await using stage = await Stage.open();
  const first = await stage.startRelay();
  const writer = await RelayPeer.login(first.url, { identity: agent(1) });
  await writer.create("tea");
  for (let i = 0; i < 50; i++) writer.text(writer.message("tea", "x"));
  await writer.pong();
  assert.equal(await first.process.end(), 0);
  const relay = await stage.startRelay();
  const reader = await RelayPeer.login(relay.url, { identity: agent(1) });
  const path = `${stage.folder}/relay/relay.db`;
  using file = Deno.openSync(path, { write: true });
  file.seekSync(4_096, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(Deno.statSync(path).size - 4_096).fill(7));
  assert.equal((await reader.ended()).code, 1001);
  const { code } = await relay.process.status;
  assert.equal(code, 1);
  assert.match(relay.process.output, /relay\.db: the database file is damaged/);
});
