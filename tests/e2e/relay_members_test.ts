import assert from "node:assert/strict";
import { loginRaces } from "../scenarios/login_races.ts";
import { slowReader } from "../scenarios/slow_reader.ts";

// The figures themselves (100 ms, 100 MB) are held by the slow tests; on a machine with other work these bounds still
// tell a room that waits for its slowest member, or a relay that keeps what that one doesn't read.
const DELIVERY_MS = 1_000;
/** Where other work slows every delivery: so many times what they took while everybody read. */
const MOST_TIMES_CALM = 20;
const MOST_BYTES = 100 * 2 ** 20;
/** Messages of 40 KB that host and relay hold for a member that stops reading. */
const MOST_UNREAD = 300;

Deno.test("relay: a member that stops reading is cut, and its room notices nothing", async () => {
  const result = await slowReader(3);
  assert.equal(result.missing, 0);
  const most = Math.max(DELIVERY_MS, MOST_TIMES_CALM * result.calmP99);
  assert.ok(result.p99 <= most, JSON.stringify(result));
  assert.ok(result.cutAfterMessages <= MOST_UNREAD, JSON.stringify(result));
  assert.ok(result.peakBytes <= MOST_BYTES, JSON.stringify(result));
});

Deno.test("relay: after a second login that races joins, the new session hears everything, and no ghost stays", async () => {
  const { unheard, ghosts } = await loginRaces(40);
  assert.deepEqual({ unheard, ghosts }, { unheard: 0, ghosts: 0 });
});
