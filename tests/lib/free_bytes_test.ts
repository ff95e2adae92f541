import assert from "node:assert/strict";
import { freeBytes } from "../../lib/free_bytes.ts";

Deno.test("freeBytes: bytes by themselves are gone, what shares its memory is left alone", () => {
  const alone = new Uint8Array(10);
  freeBytes(alone);
  assert.equal(alone.length, 0);
  const whole = new Uint8Array(10).fill(7);
  freeBytes(whole.subarray(2, 4));
  assert.deepEqual(whole, new Uint8Array(10).fill(7));
});
