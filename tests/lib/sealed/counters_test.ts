import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type Heard,
  heardMessage,
  heardOf,
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
    holesOf(heardOf(one, { stream: NEW, n: 3 }, since)),
    [2, 3],
  );
  deepStrictEqual(holesOf(heardOf(one, { stream: NEW, n: 1 }, since)), []);
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
  for (const bad of ["", "null", "{}", "[]", '{"streams":1,"holes":[]}']) {
    deepStrictEqual(parseHeard(bad), NOTHING_HEARD);
  }
});
