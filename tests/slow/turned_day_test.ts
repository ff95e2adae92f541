import assert from "node:assert/strict";
import { turnedDay } from "../scenarios/turned_day.ts";

const MB = 2 ** 20;

Deno.test("Session: a day of a message a second: heap, tables and timers no larger at its end than at noon", async () => {
  const { half, end, read, lastCursor } = await turnedDay(86_400);
  const told = JSON.stringify({ half, end });
  assert.deepEqual([read, lastCursor], [86_400, 86_400 + 1_439], told);
  assert.equal(end.timers, half.timers);
  // What is remembered so as not to show a message twice grows by one a message, up to 200,000.
  const { seen: _noon, messages: _some, ...rowsAtHalf } = half.rows;
  const { seen, messages, ...rows } = end.rows;
  assert.deepEqual(rows, rowsAtHalf);
  assert.equal(seen, 86_400 + 1_440, "and one own message a minute");
  assert.equal(messages, 1_000 + 1_000, "those of others, and our own");
  // The index of words swings with its merges: from 110 to 275 KB for these texts.
  assert.ok(end.indexBytes <= 512 * 1024, `${end.indexBytes}`);
  assert.ok(end.heapBytes <= half.heapBytes + 1 * MB, told);
});
