import assert from "node:assert/strict";
import { timingSafeEqual } from "node:crypto";
import fc from "fast-check";
import { isSameSecret } from "../../../lib/host/same_secret.ts";

Deno.test("isSameSecret: as timingSafeEqual says, for bytes that differ in one place too, and false for another length", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 });
  fc.assert(fc.property(bytes, fc.nat(), fc.nat(255), (wanted, at, mask) => {
    const shown = wanted.slice();
    const place = at % shown.length;
    shown[place] = (shown[place] ?? 0) ^ mask;
    assert.equal(isSameSecret(shown, wanted), timingSafeEqual(shown, wanted));
    assert.equal(isSameSecret(shown.subarray(1), wanted), false);
    assert.equal(isSameSecret(wanted, shown.subarray(1)), false);
  }));
});
