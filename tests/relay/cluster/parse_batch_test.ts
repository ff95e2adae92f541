import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BATCH,
  type Op,
  type OpBatch,
  RULES_VERSION,
} from "../../../relay/core/log/op.ts";
import { parseBatch } from "../../../relay/cluster/parse_batch.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";

const bytes = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value));

const seat = { conn: 7, agent: "ed25519:x" };
const frame = { ...seat, nonce: "n", timestamp: 1_700_000_000_000 };
const room = "tea" as RoomName;

const OPS: { readonly [Kind in Op["op"]]: Extract<Op, { op: Kind }> } = {
  login: { op: "login", ...frame, name: "ada", features: [], address: "1" },
  drop: { op: "drop", ...seat },
  create: { op: "create", ...frame, room, topic: "", tags: [], address: "1" },
  join: { op: "join", ...frame, room },
  leave: { op: "leave", ...frame, room },
  message: {
    op: "message",
    ...frame,
    room,
    id: "1",
    frame: "{}",
    text_hash: "00",
  },
  marks: {
    ...{ op: "marks", ...frame, room, frame: "{}" },
    to: ["ben"],
  },
  direct: {
    ...{ op: "direct", ...frame, to: "ben", id: "1", frame: "{}" },
    ...{ text_hash: "00", isPaid: true, isReceipt: false },
  },
  direct_ack: {
    ...{ op: "direct_ack", ...frame, knows: ["ben"] },
    messages: [{ from: "ben", id: "1" }],
  },
  presence: { op: "presence", ...seat, wakeable: "yes", woken_at: 1 },
  kick: { op: "kick", agent: "a" },
  ban: { op: "ban", agent: "a", isBanned: true },
  close: { op: "close", room },
  rules: { op: "rules", version: 2 },
  blob_reserve: {
    ...{ op: "blob_reserve", id: "1-a", agent: "a", address: "1" },
    ...{ scope: "room tea", room, sha256: "00", size: 0 },
  },
  blob_keep: { op: "blob_keep", id: "1-a" },
  blob_drop: { op: "blob_drop", id: "1-a" },
  tick: {
    op: "tick",
    knows: 1,
    settings: "s",
    checkpoint: { ops: 0, digest: "" },
  },
};

function batch(...ops: Op[]): OpBatch {
  return { v: RULES_VERSION, node: "a", boot: 1, n: 1, at: 1, ops };
}

Deno.test("parseBatch: a batch of every kind of op comes back as it was written", () => {
  const whole = batch(...Object.values(OPS));
  assert.deepEqual(parseBatch(bytes(whole)), whole);
});

Deno.test("parseBatch: an op that lacks any of its fields, or has it of another type, makes a batch for nobody", () => {
  const optional = new Set(["blob_reserve room", "presence woken_at"]);
  for (const op of Object.values(OPS)) {
    for (const field of Object.keys(op)) {
      const { [field]: _, ...rest } = op as unknown as Record<string, unknown>;
      const without = parseBatch(bytes({ ...batch(), ops: [rest] }));
      assert.equal(
        without === null,
        !optional.has(`${op.op} ${field}`),
        `${op.op} ${field}`,
      );
      const wrong = bytes({ ...batch(), ops: [{ ...op, [field]: [{}] }] });
      assert.equal(parseBatch(wrong), null, `${op.op} ${field}`);
    }
  }
});

Deno.test("parseBatch: what a later version wrote is known as that, whatever stands in it", () => {
  const later = RULES_VERSION + 1;
  assert.equal(parseBatch(bytes({ v: later, ops: "?" })), later);
});

Deno.test("parseBatch: more ops than a batch may have are none", () => {
  const op = OPS.kick;
  const ops = (count: number) => Array.from({ length: count }, () => op);
  assert.ok(parseBatch(bytes(batch(...ops(BATCH.ops)))));
  assert.equal(parseBatch(bytes(batch(...ops(BATCH.ops + 1)))), null);
});

Deno.test("parseBatch: a kind of op that every object has is none", () => {
  for (const op of ["constructor", "__proto__", "toString"]) {
    assert.equal(parseBatch(bytes({ ...batch(), ops: [{ op }] })), null);
  }
});

Deno.test("parseBatch: any bytes are read without a throw", () => {
  fc.assert(fc.property(fc.uint8Array(), (any) => {
    assert.equal(parseBatch(any), null);
  }));
  fc.assert(fc.property(fc.json(), (text) => {
    const found = parseBatch(new TextEncoder().encode(text));
    assert.ok(found === null || typeof found === "number");
  }));
});
