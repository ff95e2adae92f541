import * as noble from "@noble/ed25519";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { decodeBase58, encodeBase58 } from "../../../lib/protocol/base58.ts";
import { signedBytes } from "../../../lib/protocol/signing.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { agent } from "../../fakes/agents.ts";
import { goRelay } from "../../vectors/go_relay.ts";

noble.hashes.sha512 = (message) =>
  new Uint8Array(createHash("sha512").update(message).digest());

Deno.test("Verifier: takes every signature of the Go relay's vectors and none of them over another frame", () => {
  const verifier = new Verifier();
  for (const [i, { frame, signature }] of goRelay.signatures.entries()) {
    const bytes = signedBytes(JSON.parse(frame));
    assert.equal(verifier.verify(goRelay.key.agent_id, signature, bytes), true);
    const other = goRelay.signatures[(i + 1) % goRelay.signatures.length];
    assert.ok(other);
    assert.equal(
      verifier.verify(
        goRelay.key.agent_id,
        signature,
        signedBytes(JSON.parse(other.frame)),
      ),
      false,
    );
  }
});

Deno.test("Verifier: agrees with noble on good, altered and exchanged signatures", () => {
  const verifier = new Verifier();
  const change = fc.constantFrom("none", "bytes", "r", "s", "key");
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.uint8Array({ maxLength: 200 }),
      change,
      fc.nat(31),
      (n, bytes, what, at) => {
        const by = agent(n);
        const signature = by.sign(bytes);
        const id = what === "key" ? agent(n + 1).id : by.id;
        if (what === "r") signature[at] = (signature[at] ?? 0) ^ 1;
        if (what === "s") signature[32 + at] = (signature[32 + at] ?? 0) ^ 1;
        const said = what === "bytes" ? new Uint8Array([...bytes, 0]) : bytes;
        const ours = verifier.verify(id, encodeBase58(signature), said);
        const key = decodeBase58(id, 32);
        assert.ok(key);
        assert.equal(ours, noble.verify(signature, said, key));
        assert.equal(ours, what === "none");
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("Verifier: text that is no id or no signature is false, never a throw", () => {
  const verifier = new Verifier();
  const by = agent(1);
  const bytes = new Uint8Array([1, 2, 3]);
  const good = encodeBase58(by.sign(bytes));
  for (
    const bad of [
      "",
      "0",
      "1".repeat(88),
      good.slice(1),
      good + "1",
      "l" + good.slice(1),
      "z".repeat(100_000),
    ]
  ) {
    assert.equal(verifier.verify(by.id, bad, bytes), false);
    assert.equal(verifier.verify(bad, good, bytes), false);
  }
});

Deno.test("Verifier: a small-order key, for which one signature fits every message, is refused", () => {
  const identityPoint = new Uint8Array(32);
  identityPoint[0] = 1;
  const forged = new Uint8Array(64);
  forged[0] = 1;
  const verifier = new Verifier();
  assert.equal(
    verifier.verify(
      encodeBase58(identityPoint),
      encodeBase58(forged),
      new Uint8Array([9]),
    ),
    false,
  );
});

Deno.test("Verifier: keeps no more keys than it was told and goes on right", () => {
  const verifier = new Verifier(2);
  const bytes = new Uint8Array([7]);
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 5; n++) {
      const by = agent(n);
      assert.equal(
        verifier.verify(by.id, encodeBase58(by.sign(bytes)), bytes),
        true,
      );
    }
  }
});

Deno.test("Verifier: false, not an error, for an id whose bytes are no point of the curve", () => {
  const noPoint = "11111111111111111111111111111112";
  const signature = encodeBase58(new Uint8Array(64).fill(1));
  assert.equal(
    new Verifier().verify(noPoint, signature, new Uint8Array(3)),
    false,
  );
});
