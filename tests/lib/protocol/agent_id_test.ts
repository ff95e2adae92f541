import { Point } from "@noble/ed25519";
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isAgentId,
  parseAgentId,
  shortKey,
} from "../../../lib/protocol/agent_id.ts";
import { encodeBase58 } from "../../../lib/protocol/base58.ts";
import { agent } from "../../fakes/agents.ts";
import { goRelay } from "../../vectors/go_relay.ts";

Deno.test("parseAgentId: reads the Go relay's id and any honest key", () => {
  assert.ok(isAgentId(goRelay.key.agent_id));
  for (let n = 0; n < 100; n++) assert.ok(parseAgentId(agent(n).id));
});

/** The eight points of small order, found by multiplying points by the group's order, not from a list. */
function smallOrderPoints(): Set<string> {
  const order = Point.CURVE().n;
  const found = new Set<string>();
  for (let y = 2; found.size < 8 && y < 2000; y++) {
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setUint32(0, y, true);
    try {
      found.add(times(Point.fromBytes(bytes), order).toHex());
    } catch (error) {
      assert.ok(error instanceof Error, "not every y is on the curve");
    }
  }
  return found;
}

function times(point: Point, scalar: bigint): Point {
  let sum = Point.ZERO;
  for (
    let power = point, left = scalar;
    left > 0n;
    left >>= 1n, power = power.double()
  ) {
    if (left & 1n) sum = sum.add(power);
  }
  return sum;
}

Deno.test("parseAgentId: refuses all eight points of small order, with either sign bit", () => {
  const points = smallOrderPoints();
  assert.equal(points.size, 8);
  for (const hex of points) {
    const bytes = Uint8Array.fromHex(hex);
    assert.equal(parseAgentId(encodeBase58(bytes)), null, hex);
    bytes[31] = (bytes[31] ?? 0) ^ 0x80;
    assert.equal(parseAgentId(encodeBase58(bytes)), null, hex);
  }
});

Deno.test("parseAgentId: refuses a y that is not below the field's prime", () => {
  for (let low = 0xed; low <= 0xff; low++) {
    for (const top of [0x7f, 0xff]) {
      const bytes = new Uint8Array(32).fill(0xff);
      bytes[0] = low;
      bytes[31] = top;
      assert.equal(parseAgentId(encodeBase58(bytes)), null);
    }
  }
});

Deno.test("parseAgentId: refuses whatever is not base58 of 32 bytes, at once however long it is", () => {
  const id = agent(1).id;
  for (
    const bad of [
      "",
      id.slice(2),
      id + "1",
      "1" + id,
      id.replace(/./, "0"),
      " " + id,
      "1".repeat(1e6),
    ]
  ) {
    assert.equal(parseAgentId(bad), null);
  }
  fc.assert(fc.property(fc.string(), (text) => {
    assert.equal(parseAgentId(text), null);
  }));
});

Deno.test("shortKey: is the first eight characters", () => {
  assert.equal(shortKey(goRelay.key.agent_id), "8NYU1dXe");
});
