import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseViewWords,
  writeViewWords,
} from "../../../relay/cluster/view_frames.ts";
import { VIEW_PIECE_BYTES } from "../../../relay/view_copy/copy_port.ts";
import { manyBytes } from "../../fakes/blob_peer.ts";
import { LOG } from "../../fakes/view_bed.ts";
import { assertSame, LARGE, viewRelays } from "../../fakes/view_relays.ts";

Deno.test("ViewTaker: a view comes whole whatever its size, and each step is told; its copy is gone afterwards", async () => {
  for (const size of [1, VIEW_PIECE_BYTES, LARGE.length]) {
    const { giver, taker, turned, clock } = viewRelays();
    const view = LARGE.slice(0, size);
    const source = giver("a", view);
    const { disk, told, taker: one } = taker();
    assert.equal(await turned(one.take(LOG)), 7);
    await clock.advance(10);
    assertSame(disk.taken, view);
    assert.deepEqual(told.at(-1), { node: "a", bytes: size, size });
    const { isMade, borrowers } = source.disk;
    assert.deepEqual([isMade, borrowers, disk.borrowers], [false, 0, 0]);
    source.giver.stop();
    assert.equal(clock.pending, 0);
  }
});

/** Fates of messages, over and over: most are heard, some twice or late, and four in a round not at all or too late. */
function fatesOf(): fc.Arbitrary<readonly (readonly number[])[]> {
  const heard = fc.constantFrom([0], [0], [0], [0], [3], [40], [0, 0], [
    0,
    700,
  ]);
  const missed = fc.tuple(fc.nat(), fc.constantFrom([], [1_600]));
  return fc.tuple(
    fc.array(heard, { minLength: 20, maxLength: 60 }),
    fc.array(missed, { maxLength: 4 }),
  ).map(([heard, missed]) => {
    const fates: (readonly number[])[] = [...heard];
    for (const [at, fate] of missed) fates.splice(at % fates.length, 0, fate);
    return fates;
  });
}

Deno.test("ViewTaker: messages that are lost, doubled or late change nothing of what comes", async () => {
  await fc.assert(
    fc.asyncProperty(fatesOf(), async (fates) => {
      const { bus, giver, taker, turned } = viewRelays();
      let said = 0;
      bus.fate = () => fates[said++ % fates.length] ?? [0];
      const sources = ["a", "b"].map((node) => giver(node, LARGE));
      const { disk, taker: one } = taker();
      await turned(one.take(LOG));
      assertSame(disk.taken, LARGE);
      for (const source of sources) source.giver.stop();
    }),
    { numRuns: 20 },
  );
});

Deno.test("ViewTaker: a relay whose answers all take longer than they should is asked again, and heard once they come", async () => {
  const { bus, giver, taker, turned, clock } = viewRelays();
  const { giver: source, disk: given } = giver("a", LARGE);
  bus.fate = ({ type }) => [type === "want" || type === "offer" ? 0 : 1_600];
  const { disk, taker: one } = taker();
  await turned(one.take(LOG));
  assertSame(disk.taken, LARGE);
  await clock.advance(10_000);
  assert.deepEqual([given.isMade, bus.subjects], [false, 2]);
  source.stop();
  assert.deepEqual([bus.subjects, clock.pending], [0, 0]);
});

Deno.test("ViewTaker: where the source dies in the middle another's copy is begun, and nothing of the first is in it", async () => {
  const { bus, giver, taker, turned } = viewRelays();
  const views = { a: LARGE, b: manyBytes(LARGE.length) };
  const { a, b } = { a: giver("a", views.a), b: giver("b", views.b) };
  let pieces = 0;
  bus.fate = ({ type }) => {
    if (type === "piece" && ++pieces === 2) a.giver.stop();
    return type === "piece" && pieces === 2 ? [] : [0];
  };
  const { disk, taker: one } = taker();
  await turned(one.take(LOG));
  assertSame(disk.taken, views.b);
  assert.deepEqual([a.disk.borrowers, disk.drops], [0, 1]);
  b.giver.stop();
});

Deno.test("ViewTaker: a piece of another place, copy or length is not taken for the one that was asked for", async () => {
  const { bus, giver, taker, turned } = viewRelays();
  const source = giver("a", LARGE);
  bus.fate = ({ type, bytes, reply }) => {
    const frame = parseViewWords(bytes)?.frame;
    if (type !== "read" || frame?.type !== "read") return [0];
    const { copy, offset } = frame;
    const piece = new Uint8Array(
      Math.min(VIEW_PIECE_BYTES, LARGE.length - offset),
    );
    const wrong = [
      { copy, offset: offset + 1, piece },
      { copy: "token99999999", offset, piece },
      { copy, offset, piece: piece.subarray(1) },
      { copy, offset, piece: new Uint8Array() },
    ];
    for (const { piece, ...place } of wrong) {
      bus.say(reply, writeViewWords({ type: "piece", ...place }, piece));
    }
    bus.say(reply, new Uint8Array());
    return [0];
  };
  const { disk, taker: one } = taker();
  await turned(one.take(LOG));
  assertSame(disk.taken, LARGE);
  assert.equal(source.disk.drops, 1);
});

Deno.test("ViewTaker: where the source says that it has the copy no more, of pieces asked for ahead too, another's is begun", async () => {
  const { bus, giver, taker, turned } = viewRelays();
  const [a, b] = [giver("a", LARGE), giver("b", LARGE)];
  let reads = 0;
  bus.fate = ({ type }) => {
    if (type !== "read") return [0];
    // The first one's answer is waited for when the others' come.
    if (++reads === 1) return [];
    if (reads === 2) a.disk.trouble = "the disk failed";
    return [0];
  };
  const { disk, taker: one } = taker();
  await turned(one.take(LOG));
  assertSame(disk.taken, LARGE);
  assert.deepEqual([a.disk.borrowers, b.disk.borrowers], [0, 0]);
});

Deno.test("ViewTaker: of two that want one at the same time the second waits until the first has it", async () => {
  const { giver, taker, turned, clock } = viewRelays();
  const source = giver("a", LARGE);
  const slow = Promise.withResolvers<void>();
  source.disk.slowly = slow.promise;
  const [first, second] = [taker(), taker()];
  const both = Promise.all([first.taker.take(LOG), second.taker.take(LOG)]);
  // Longer than without an offer.
  await clock.advance(60_000);
  assert.equal(source.disk.borrowers, 1);
  assert.deepEqual(first.told.at(-1), { node: "a", bytes: 0, size: null });
  assert.equal(second.told.at(-1)?.node, null);
  slow.resolve();
  await turned(both);
  for (const { disk } of [first, second]) assertSame(disk.taken, LARGE);
});

Deno.test("ViewTaker: where nobody offers one of that log it gives up after a while, and at once where it is stopped", async () => {
  const { giver, taker, turned, clock } = viewRelays();
  giver("a", LARGE, "another log");
  const { taker: one, told } = taker();
  const began = clock.monotonic();
  await assert.rejects(turned(one.take(LOG)), /no relay that serves offered/);
  const tookMs = clock.monotonic() - began;
  assert.ok(tookMs >= 20_000 && tookMs < 23_000, `${tookMs}`);
  assert.deepEqual(told.at(-1), { node: null, bytes: 0, size: null });
  const { taker: two } = taker();
  const taking = two.take(LOG);
  two.stop();
  await assert.rejects(turned(taking), /stopped/);
});

Deno.test("ViewTaker: one that is stopped in the middle of a copy ends with the answer that it waits for, and leaves nothing", async () => {
  const { bus, giver, taker, turned, clock } = viewRelays();
  const { giver: source } = giver("a", LARGE);
  bus.fate = ({ type }) => type === "read" ? [] : [0];
  const { disk, taker: one } = taker();
  const ended = assert.rejects(one.take(LOG), /stopped/);
  await clock.advance(1_000);
  assert.notEqual(disk.coming, null);
  one.stop();
  await clock.advance(3_000);
  assert.deepEqual([disk.coming, disk.borrowers], [null, 0]);
  await turned(ended);
  source.stop();
  assert.deepEqual([bus.subjects, clock.pending], [0, 0]);
});
