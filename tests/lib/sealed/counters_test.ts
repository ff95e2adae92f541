import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type Heard,
  heardMessage,
  heardOf,
  heardUpTo,
  NOTHING_HEARD,
  overdue,
  parseHeard,
} from "../../../lib/sealed/counters.ts";
import { newStream, streamBegan } from "../../../lib/sealed/head.ts";

const HOUR = 3_600_000;
const JOINED = 1_790_000_000_000;
const NOW = JOINED + HOUR;
const since = { joinedAt: JOINED, now: NOW };
const NEW = newStream(JOINED + HOUR / 2, new Uint8Array(8));
const OLD = newStream(JOINED - HOUR, new Uint8Array(8));

const hear = (heard: Heard, stream: string, n: number, at = NOW) =>
  heardMessage(heard, { stream, n, at }, since);
const holesOf = ({ holes }: Heard) => holes.map(({ n }) => n);

Deno.test("newStream: says when it began", () => {
  strictEqual(streamBegan(NEW), JOINED + HOUR / 2);
});

Deno.test("heardMessage: a number that is passed over is a hole until it comes", () => {
  const one = hear(NOTHING_HEARD, NEW, 1);
  const four = hear(one, NEW, 4);
  deepStrictEqual(holesOf(four), [2, 3]);
  deepStrictEqual(holesOf(hear(four, NEW, 3)), [2]);
  deepStrictEqual(holesOf(hear(NOTHING_HEARD, NEW, 3)), [1, 2]);
});

Deno.test("heardMessage: what a stream said before we came is not missed", () => {
  const heard = hear(NOTHING_HEARD, OLD, 40);
  deepStrictEqual(holesOf(heard), []);
  deepStrictEqual(holesOf(hear(heard, OLD, 42)), [41]);
});

Deno.test("heardOf: what another has had is missing here, the last one too", () => {
  const one = hear(NOTHING_HEARD, NEW, 1);
  deepStrictEqual(
    holesOf(heardOf(one, [NEW, 3], since)),
    [2, 3],
  );
  deepStrictEqual(holesOf(heardOf(one, [NEW, 1], since)), []);
});

Deno.test("heardOf: the same said again is missing once, also after it was told; what the author says then goes on from there", () => {
  const one = hear(NOTHING_HEARD, NEW, 1);
  const told = heardOf(one, [NEW, 3], since);
  deepStrictEqual(heardOf(told, [NEW, 3], since), told);
  const { heard } = overdue(told, { now: NOW + 99, afterMs: 30 });
  deepStrictEqual(holesOf(heardOf(heard, [NEW, 3], since)), []);
  deepStrictEqual(holesOf(heardOf(heard, [NEW, 4], since)), [4]);
  deepStrictEqual(holesOf(hear(heard, NEW, 3)), []);
  deepStrictEqual(holesOf(hear(heard, NEW, 6)), [4, 5]);
});

Deno.test("heardUpTo: what an author himself says of an earlier start of his is missing, however far it went", () => {
  const one = hear(NOTHING_HEARD, NEW, 1);
  deepStrictEqual(holesOf(heardUpTo(one, [NEW, 3], since)), [2, 3]);
  deepStrictEqual(holesOf(heardUpTo(one, [NEW, 1], since)), []);
  strictEqual(heardUpTo(one, [NEW, 500], since).holes.length, 499);
  deepStrictEqual(holesOf(heardUpTo(NOTHING_HEARD, [OLD, 5], since)), []);
});

Deno.test("heardOf: a stream from the future, or a number far above the author's own, is nobody's gap", () => {
  const one = hear(NOTHING_HEARD, NEW, 1);
  const future = newStream(NOW + HOUR, new Uint8Array(8));
  for (const had of [NOTHING_HEARD, one]) {
    deepStrictEqual(heardOf(had, [future, 3], since), had);
  }
  for (const n of [102, 1_000_000, Number.MAX_SAFE_INTEGER]) {
    deepStrictEqual(heardOf(one, [NEW, n], since), one);
  }
  strictEqual(heardOf(one, [NEW, 101], since).holes.length, 100);
  // And no more of it by going on.
  const most = heardOf(one, [NEW, 101], since);
  deepStrictEqual(heardOf(most, [NEW, 102], since), most);
});

Deno.test("heardOf: streams that an author never had are believed once, until he speaks, and make no second daemon of him", () => {
  const made = (n: number) =>
    newStream(JOINED + HOUR / 2 + n * 60_000, new Uint8Array(8).fill(n));
  let heard = hear(NOTHING_HEARD, NEW, 1);
  for (let n = 1; n < 20; n++) heard = heardOf(heard, [made(n), 5], since);
  deepStrictEqual(holesOf(heard), [1, 2, 3, 4, 5]);
  const spoke = hear(heard, NEW, 2);
  strictEqual(spoke.twoAt, undefined);
  deepStrictEqual(spoke.streams, [[NEW, 2]]);
  // It was true: he began anew, and we had missed it.
  const anew = hear(heard, made(1), 7);
  deepStrictEqual(holesOf(anew), [1, 2, 3, 4, 5, 6]);
  const after = hear(heard, made(3), 1);
  deepStrictEqual(holesOf(heardOf(after, [made(4), 1], since)).slice(5), [1]);
  // What came before us is not missed, nor what he left behind.
  deepStrictEqual(heardOf(NOTHING_HEARD, [OLD, 9], since), NOTHING_HEARD);
  deepStrictEqual(heardOf(after, [made(2), 9], since), after);
});

Deno.test("heardMessage: an older stream that goes on beside a newer one is a second daemon", () => {
  const both = hear(hear(NOTHING_HEARD, OLD, 1), NEW, 1);
  strictEqual(both.twoAt, undefined);
  const late = hear(both, OLD, 2, streamBegan(NEW) - 1_000);
  strictEqual(late.twoAt, undefined);
  strictEqual(hear(both, OLD, 2, NOW).twoAt, NOW);
});

Deno.test("overdue: a hole becomes a gap once, after its time", () => {
  const heard = hear(NOTHING_HEARD, NEW, 3);
  strictEqual(overdue(heard, { now: NOW + 10, afterMs: 30 }).lost, 0);
  const after = overdue(heard, { now: NOW + 30, afterMs: 30 });
  strictEqual(after.lost, 2);
  strictEqual(overdue(after.heard, { now: NOW + 99, afterMs: 30 }).lost, 0);
});

Deno.test("heardMessage: any order of the same messages leaves the same holes", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(
      numbers.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, {
            minLength: all.length,
          }),
        )
      ),
      ([all, shuffled]) => {
        const run = (list: readonly number[]) =>
          list.reduce((heard, n) => hear(heard, NEW, n), NOTHING_HEARD);
        const missing = Array.from(
          { length: Math.max(...all) },
          (_, at) => at + 1,
        ).filter((n) => !all.includes(n));
        for (const order of [all, shuffled]) {
          deepStrictEqual(
            holesOf(run(order)).toSorted((a, b) => a - b),
            missing,
          );
        }
      },
    ),
  );
});

Deno.test("parseHeard: what was written comes back, anything else is nothing", () => {
  const heard = hear(hear(NOTHING_HEARD, OLD, 4), NEW, 3);
  deepStrictEqual(parseHeard(JSON.stringify(heard)), heard);
  const said = heardOf(heard, [NEW, 4], since);
  deepStrictEqual(parseHeard(JSON.stringify(said)), said);
  for (const bad of ["", "null", "{}", "[]", '{"streams":1,"holes":[]}']) {
    deepStrictEqual(parseHeard(bad), NOTHING_HEARD);
  }
});
