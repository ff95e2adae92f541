import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { checkProof, leadingZeroBits } from "../../../lib/protocol/pow.ts";
import vectors from "../../vectors/go_relay.json" with { type: "json" };

/** The bits written out one by one: slow and plain. */
function zeroBitsByText(digest: Uint8Array): number {
  const bits = Array.from(digest, (b) => b.toString(2).padStart(8, "0"));
  return `${bits.join("")}1`.indexOf("1");
}

Deno.test("leadingZeroBits: agrees with the bits written out", () => {
  const digest = fc.tuple(
    fc.integer({ min: 0, max: 32 }),
    fc.uint8Array({ minLength: 0, maxLength: 32 }),
  ).map(([zeros, rest]) => new Uint8Array([...Array(zeros).fill(0), ...rest]));
  fc.assert(fc.property(digest, (bytes) => {
    assert.equal(leadingZeroBits(bytes), zeroBitsByText(bytes));
  }));
});

Deno.test("leadingZeroBits: every single-bit position", () => {
  for (let bit = 0; bit < 256; bit++) {
    const digest = new Uint8Array(32);
    digest[bit >> 3] = 0x80 >> (bit & 7);
    assert.equal(leadingZeroBits(digest), bit);
  }
  assert.equal(leadingZeroBits(new Uint8Array(32)), 256);
});

Deno.test("checkProof: the Go relay's proofs hold, and not one bit further", () => {
  assert.ok(vectors.pow.length > 0);
  for (const { challenge, proof, difficulty, sha256 } of vectors.pow) {
    const digest = createHash("sha256").update(challenge + proof).digest("hex");
    assert.equal(digest, sha256);
    const zeros = zeroBitsByText(
      Uint8Array.from(sha256.match(/../g) ?? [], (b) => parseInt(b, 16)),
    );
    assert.ok(checkProof({ challenge, proof }, difficulty));
    assert.ok(checkProof({ challenge, proof }, zeros));
    assert.ok(!checkProof({ challenge, proof }, zeros + 1));
  }
});

Deno.test("checkProof: a proof for one challenge is none for another", () => {
  const hard = vectors.pow.filter((v) => v.difficulty >= 8);
  assert.ok(hard.length > 0);
  for (const { challenge, proof, difficulty } of hard) {
    assert.ok(!checkProof({ challenge: `${challenge}x`, proof }, difficulty));
  }
});

Deno.test("checkProof: text is hashed as UTF-8", () => {
  const proof = { challenge: "é😀", proof: "漢" };
  const bytes = new TextEncoder().encode("é😀漢");
  const zeros = zeroBitsByText(createHash("sha256").update(bytes).digest());
  assert.ok(checkProof(proof, zeros));
  assert.ok(!checkProof(proof, zeros + 1));
});
