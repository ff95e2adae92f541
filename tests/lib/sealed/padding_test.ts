import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { padded, unpadded } from "../../../lib/sealed/padding.ts";

Deno.test("unpadded: what padded made, in no other length, with nothing behind its end", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
    const whole = padded(bytes);
    deepStrictEqual(unpadded(whole), bytes);
    const longer = new Uint8Array(whole.length + 64);
    longer.set(whole);
    strictEqual(unpadded(longer), null);
    const shorter = whole.subarray(0, bytes.length + 1);
    if (shorter.length < whole.length) strictEqual(unpadded(shorter), null);
    const dirty = whole.slice();
    if (shorter.length < whole.length) {
      dirty[whole.length - 1] = 1;
      strictEqual(unpadded(dirty), null);
    }
  }));
});
