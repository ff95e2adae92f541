import assert from "node:assert/strict";
import {
  BlobCounts,
  TRANSFERS,
} from "../../../../relay/shell/blobs/blob_counts.ts";

/** How many places there are for such movers, one after the other. */
function places(mover: (n: number) => { agent: string; address: string }) {
  const counts = new BlobCounts();
  let n = 0;
  while (counts.enter(mover(n)) === null) n++;
  return n;
}

Deno.test("BlobCounts: of one agent, from one address, and in all", () => {
  const of = (n: number) => ({ agent: `${n}`, address: `${n}` });
  assert.equal(places(of), TRANSFERS.all);
  assert.equal(places((n) => ({ ...of(n), agent: "a" })), TRANSFERS.agent);
  assert.equal(places((n) => ({ ...of(n), address: "1" })), TRANSFERS.address);
});

Deno.test("BlobCounts: a place that is given back is free again", () => {
  const counts = new BlobCounts();
  const mover = { agent: "a", address: "1" };
  for (let n = 0; n < TRANSFERS.agent; n++) counts.enter(mover);
  assert.match(`${counts.enter(mover)}`, /this agent/);
  counts.leave(mover);
  assert.equal(counts.enter(mover), null);
});
