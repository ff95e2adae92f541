import assert from "node:assert/strict";
import { turnedDay } from "../../scenarios/turned_day.ts";

Deno.test("Session: an hour of a message a second: all of them read, tables and timers no larger at its end than at its half", async () => {
  const { half, end, read, lastCursor } = await turnedDay(3_600);
  // Own messages, one a minute, have numbers of their own; the last is behind what was read.
  assert.deepEqual([read, lastCursor], [3_600, 3_659]);
  assert.equal(end.timers, half.timers);
  // What is remembered so as not to show a message twice grows by one a message, up to 200,000.
  const { seen: seenAtHalf, sends: _some, messages: most, ...rowsAtHalf } =
    half.rows;
  const { seen, sends, messages, ...rows } = end.rows;
  assert.deepEqual(rows, rowsAtHalf);
  // One own message a minute is remembered beside the others'.
  assert.deepEqual([seenAtHalf, seen], [1_830, 3_660]);
  assert.deepEqual([most, messages], [1_030, 1_060]);
  assert.equal(sends, 60);
  // The index of words swings with its merges: from 110 to 275 KB for these texts.
  assert.ok(end.indexBytes <= 512 * 1024, `${end.indexBytes}`);
});
