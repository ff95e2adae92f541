import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { readLeaving, writeLeaving } from "../../../lib/sealed/leaving.ts";

Deno.test("readLeaving: what was written, and of any other bytes nothing", () => {
  fc.assert(fc.property(
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc.uint8Array({ maxLength: 40 }),
    (epoch, other) => {
      const written = writeLeaving(epoch);
      deepStrictEqual(readLeaving(written), epoch);
      const isOne = other.length === 17 && other[0] === 1;
      strictEqual(readLeaving(other) === null, !isOne);
      strictEqual(readLeaving(written.with(0, 2)), null);
      strictEqual(readLeaving(written.subarray(1)), null);
    },
  ));
});
