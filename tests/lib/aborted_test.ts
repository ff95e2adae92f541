import assert from "node:assert/strict";
import { aborted } from "../../lib/aborted.ts";

Deno.test("aborted: resolves with the abort and not before, and at once where it was", async () => {
  const ending = new AbortController();
  let isOver = false;
  const over = aborted(ending.signal).then(() => isOver = true);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(isOver, false);
  ending.abort();
  await over;
  await aborted(ending.signal);
});
