import assert from "node:assert/strict";
import fc from "fast-check";
import {
  deliveredBytes,
  signedBytes,
  signFrame,
} from "../../../lib/protocol/signing.ts";
import { identityOf } from "../../fakes/fast_identity.ts";
import { goRelay } from "../../vectors/go_relay.ts";
import { agent } from "../../fakes/agents.ts";

const decoder = new TextDecoder();
const go = identityOf(Uint8Array.fromHex(goRelay.key.seed_hex));

Deno.test("signedBytes: covers the bytes that the Go relay's vectors do", () => {
  assert.ok(goRelay.signatures.length > 10);
  for (const { frame, signed_bytes } of goRelay.signatures) {
    assert.equal(decoder.decode(signedBytes(JSON.parse(frame))), signed_bytes);
  }
});

Deno.test("signFrame: makes the signatures of the Go relay's vectors", () => {
  for (const { frame, signature } of goRelay.signatures) {
    assert.equal(signFrame(JSON.parse(frame), go.sign).signature, signature);
  }
});

Deno.test("signFrame: an earlier signature is not signed over", () => {
  const once = signFrame({ type: "room.join", room: "r" }, go.sign);
  assert.equal(signFrame(once, go.sign).signature, once.signature);
});

Deno.test("signedBytes: a field called __proto__ is signed like any other", () => {
  const raw = JSON.parse('{"type":"message","__proto__":{"a":1}}');
  assert.equal(
    decoder.decode(signedBytes(raw)),
    '{"__proto__":{"a":1},"type":"message"}',
  );
  assert.equal(
    decoder.decode(deliveredBytes(raw)),
    '{"__proto__":{"a":1},"type":"message"}',
  );
});

Deno.test("deliveredBytes: leaves out just what a relay adds", () => {
  const by = agent(2);
  fc.assert(fc.property(fc.string(), fc.nat(), (name, seq) => {
    const frame = signFrame({ type: "message", id: "1", text: name }, by.sign);
    const delivered = { ...frame, from_name: name, seq, received_at: seq };
    assert.deepEqual(deliveredBytes(delivered), signedBytes(frame));
    assert.notDeepEqual(signedBytes(delivered), signedBytes(frame));
  }));
});
