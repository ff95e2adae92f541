import assert from "node:assert/strict";
import fc from "fast-check";
import { silentLogger } from "../../../lib/log.ts";
import { Follower } from "../../../relay/cluster/follower.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";
import { FakeLog } from "../../fakes/fake_log.ts";

function rig(log: FakeLog, after = 0) {
  const clock = new FakeClock();
  const positions: number[] = [];
  const cuts: number[] = [];
  const follower = new Follower({
    link: log,
    after,
    entries: (entries) => positions.push(...entries.map((e) => e.position)),
    cut: (at) => cuts.push(at),
    clock,
    log: silentLogger,
  });
  follower.begin();
  return { clock, positions, cuts, follower };
}

function logOf(count: number): FakeLog {
  const log = new FakeLog();
  for (let i = 0; i < count; i++) log.append(`{"v":${i}}`);
  return log;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

Deno.test("Follower: whatever is lost, ends, falls silent or is refused on the way, each entry comes once and in order", async () => {
  const move = fc.constantFrom(
    "step",
    "step",
    "step",
    "lose",
    "pulse",
    "end",
    "silence",
    "refuse",
    "append",
    "reconnect",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 60 }), async (moves) => {
      const log = logOf(10);
      const { clock, positions, cuts, follower } = rig(log);
      for (const one of moves) {
        await settle(1);
        if (one === "step") log.step();
        else if (one === "lose") log.step(true);
        else if (one === "pulse") log.pulse();
        else if (one === "end") log.say({ kind: "ended", reason: "gone" });
        else if (one === "append") log.append("{}");
        else if (one === "reconnect") follower.begin();
        else log.refusesDeliveries = one === "refuse";
        if (one === "silence") await clock.advance(4_000);
      }
      log.refusesDeliveries = false;
      for (let i = 0; i < 40 && positions.length < log.end; i++) {
        await clock.advance(5_000);
        await settle(2);
        while (log.step());
        log.pulse();
        await settle(1);
      }
      follower.stop();
      assert.deepEqual(positions, upTo(log.end));
      assert.deepEqual(cuts, []);
      assert.equal(clock.pending, 0);
    }),
    { numRuns: 60 },
  );
});

Deno.test("Follower: a server that begins no delivery is left for another; one that hesitates is not", async () => {
  const log = logOf(2);
  log.refusesDeliveries = true;
  const { clock, positions, follower } = rig(log);
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds * 2; i++) {
      await settle();
      await clock.advance(500);
    }
  };
  await pass(4);
  assert.equal(log.moves, 0);
  await pass(2);
  assert.equal(log.moves, 1);
  log.refusesDeliveries = false;
  await pass(1);
  while (log.step());
  await settle();
  assert.deepEqual(positions, [1, 2]);
  log.refusesDeliveries = true;
  log.say({ kind: "ended", reason: "gone" });
  await pass(4);
  assert.equal(log.moves, 1);
  follower.stop();
});

Deno.test("Follower: begins after the position that is not wanted any more", async () => {
  const log = logOf(5);
  const { positions, follower } = rig(log, 3);
  await settle();
  while (log.step());
  await settle();
  follower.stop();
  assert.deepEqual([log.asked, positions], [[4], [4, 5]]);
});

Deno.test("Follower: where the log begins later than it has to, that is said and nothing handed over", async () => {
  const log = logOf(5);
  log.first = 10;
  const { positions, cuts, follower } = rig(log, 3);
  await settle();
  while (log.step());
  await settle();
  follower.stop();
  assert.deepEqual([cuts, positions], [[3], []]);
});

Deno.test("Follower: another log in the place of the one that it followed is said once, and nothing of it handed over", async () => {
  const log = logOf(5);
  const { clock, positions, cuts, follower } = rig(log, 3);
  await settle();
  while (log.step());
  log.isOther = true;
  for (let i = 0; i < 3; i++) log.append("{}");
  follower.begin();
  await settle();
  await clock.advance(10_000);
  assert.deepEqual([cuts, positions, log.asked], [[5], [4, 5], [4, 6]]);
});

Deno.test("Follower: past 16 MB that nobody took, the servers wait; a wait of our own is no silence", async () => {
  const log = new FakeLog();
  const text = `"${"x".repeat(1_000_000)}"`;
  for (let i = 0; i < 20; i++) log.append(text);
  const { clock, positions, follower } = rig(log);
  await settle();
  let gone = 0;
  const pause = () => log.say({ kind: "pause", goOn: () => gone++ });
  for (let i = 0; i < 8; i++) log.step();
  pause();
  assert.equal(gone, 1);
  for (let i = 0; i < 10; i++) log.step();
  pause();
  await clock.advance(60_000);
  await settle();
  assert.deepEqual([gone, log.asked], [1, [1]]);
  follower.taken(1);
  assert.equal(gone, 1);
  follower.taken(positions.at(-1) ?? 0);
  assert.equal(gone, 2);
  follower.stop();
});

Deno.test("Follower: the last entry that was lost is missed at the next pulse, and a delivery that says nothing is left", async () => {
  const log = logOf(3);
  const { clock, positions, follower } = rig(log);
  await settle();
  log.step();
  log.step();
  log.step(true);
  log.pulse();
  await clock.advance(0);
  assert.deepEqual(log.asked, [1, 3]);
  await clock.advance(4_000);
  assert.deepEqual(log.asked, [1, 3, 3]);
  log.step();
  await settle();
  follower.stop();
  assert.deepEqual(positions, [1, 2, 3]);
});

Deno.test("Follower: what comes twice is handed over once, and what an earlier delivery says is not heard", async () => {
  const log = logOf(4);
  log.early = 2;
  const { positions, follower } = rig(log, 2);
  await settle();
  const [earlier] = log.listeners;
  follower.begin();
  await settle();
  const bytes = log.bytes[3] as Uint8Array;
  earlier?.({ kind: "entry", position: 3, at: 1, order: 1, bytes });
  while (log.step());
  await settle();
  follower.stop();
  assert.deepEqual(positions, [3, 4]);
  assert.equal(log.ended, 2);
});

Deno.test("Follower: a delivery that begins after it was left is ended", async () => {
  const log = logOf(1);
  const { follower } = rig(log);
  follower.begin();
  await settle();
  assert.deepEqual([log.asked.length, log.ended], [2, 1]);
  follower.stop();
  assert.equal(log.ended, 2);
});
