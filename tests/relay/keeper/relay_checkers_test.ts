import assert from "node:assert/strict";
import { checkersOn } from "../../../relay/keeper/relay_checkers.ts";

Deno.test("checkersOn: none on one core, as many as are free on more, and never more than four", () => {
  const counts = [1, 2, 3, 4, 6, 64]
    .map((cores) => checkersOn({ cores, followsLog: false }));
  assert.deepEqual(counts, [0, 1, 1, 2, 4, 4]);
});

Deno.test("checkersOn: a log's thread leaves no core for them on a host with two", () => {
  const counts = [1, 2, 3, 4, 64]
    .map((cores) => checkersOn({ cores, followsLog: true }));
  assert.deepEqual(counts, [0, 0, 1, 2, 4]);
});
