import assert from "node:assert/strict";
import { NoViewTaken } from "../../../relay/cluster/no_view_taken.ts";
import { type FakeBus, LOG } from "../../fakes/view_bed.ts";
import { assertSame, LARGE, viewRelays } from "../../fakes/view_relays.ts";

/** Changes a byte of such a piece, counted over all. */
function spoil(bus: FakeBus, isSpoiled: (piece: number) => boolean): void {
  let pieces = 0;
  bus.fate = ({ type, bytes }) => {
    const last = bytes.length - 1;
    if (type === "piece" && isSpoiled(++pieces)) bytes[last] = ~bytes[last]!;
    return [0];
  };
}

Deno.test("ViewTaker: a copy that is not as it was said to be is not used, and another relay is asked", async () => {
  const { bus, giver, taker, turned } = viewRelays();
  const [a, b] = [giver("a", LARGE), giver("b", LARGE)];
  spoil(bus, (piece) => piece === 2);
  const { disk, taker: one } = taker();
  await turned(one.take(LOG));
  assertSame(disk.taken, LARGE);
  assert.deepEqual([a.disk.drops, b.disk.drops], [1, 1]);
});

Deno.test("ViewTaker: where no copy is as it was said to be it gives up, with nothing left", async () => {
  const { bus, giver, taker, turned } = viewRelays();
  const { disk: source } = giver("a", LARGE);
  spoil(bus, (piece) => piece % 4 === 0);
  const { disk, taker: one } = taker();
  await assert.rejects(turned(one.take(LOG)), (error) => {
    assert.ok(error instanceof NoViewTaken);
    assert.match(error.message, /other bytes/);
    assert.match(error.fix, /once another one serves/);
    return true;
  });
  assert.deepEqual([disk.taken, disk.coming, source.drops], [null, null, 8]);
});

Deno.test("ViewTaker: what its own disk does not take, at the end too, is no fault of the copy's: it ends at once, and says how much room that wants", async () => {
  for (const step of ["begin", "write", "finish"] as const) {
    const { giver, taker, turned, bus } = viewRelays();
    for (const node of ["a", "b"]) giver(node, LARGE);
    const { disk, taker: one } = taker();
    const full = () => Promise.reject(new Error("no space left on device"));
    Object.assign(disk, { [step]: full });
    await assert.rejects(turned(one.take(LOG)), (error) => {
      assert.ok(error instanceof NoViewTaken);
      assert.equal(
        error.message,
        "it can't be written: no space left on device",
      );
      assert.match(error.fix, new RegExp(`room for ${LARGE.length} bytes`));
      return true;
    });
    assert.deepEqual([disk.coming, disk.borrowers, disk.drops], [null, 0, 1]);
    const asked = ["want", "made"].map((type) =>
      bus.said.filter((one) => one.type === type).length
    );
    assert.deepEqual(asked, [1, 1], step);
  }
});

Deno.test("ViewTaker: a relay that can't make a copy says why, and is asked again last", async () => {
  const { giver, taker, turned } = viewRelays();
  const full = giver("a", LARGE);
  full.disk.trouble = "no space left on device";
  const { taker: one } = taker();
  await assert.rejects(turned(one.take(LOG)), /no space left on device/);
  giver("b", LARGE);
  const { disk, taker: two } = taker();
  await turned(two.take(LOG));
  assertSame(disk.taken, LARGE);
});
