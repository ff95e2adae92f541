import assert from "node:assert/strict";
import { NameWatch } from "../../../../relay/core/log/name_watch.ts";
import type { NodeState } from "../../../../relay/core/log/nodes.ts";

/** A node that the log heard last at second `at`. */
const heardAt = (at: number) =>
  ({ node: "a", boot: 1, isGone: false, lastAt: at * 1_000 }) as NodeState;
/** A moment of both clocks, in seconds. */
const second = (at: number) => ({ wall: at * 1_000, mono: at * 1_000 });

Deno.test("NameWatch: a name that nobody had, that is gone or was not heard for 2.5 s is free at once", () => {
  const names = [undefined, { ...heardAt(10), isGone: true }, heardAt(7.5)];
  for (const earlier of names) {
    const watch = new NameWatch();
    assert.ok(watch.isFree(earlier, second(10)));
    assert.equal(watch.isWatching, false);
  }
});

Deno.test("NameWatch: one heard a moment ago is free 2.5 s after it was heard, not later", () => {
  const watch = new NameWatch();
  assert.equal(watch.isFree(heardAt(9), second(10)), false);
  assert.equal(watch.tick(second(11.4)), false);
  assert.equal(watch.tick(second(11.5)), true);
  assert.equal(watch.isWatching, false);
});

Deno.test("NameWatch: what a killed one had on its way prolongs the watch; a second batch is another relay's", () => {
  const watch = new NameWatch();
  watch.isFree(heardAt(8), second(10));
  assert.equal(watch.heard(second(10.4)), false);
  assert.equal(watch.tick(second(10.5)), false);
  assert.equal(watch.heard(second(11.4)), true);
});

Deno.test("NameWatch: a clock that is behind the log's makes it no longer than 2.5 s", () => {
  const watch = new NameWatch();
  assert.equal(watch.isFree(heardAt(60), second(10)), false);
  assert.equal(watch.tick(second(12.5)), true);
});

Deno.test("NameWatch: after the watch batches of the name are its own", () => {
  const watch = new NameWatch();
  watch.isFree(heardAt(9), second(10));
  watch.tick(second(12));
  assert.deepEqual([watch.heard(second(12)), watch.heard(second(13))], [
    false,
    false,
  ]);
});
