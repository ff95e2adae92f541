import assert from "node:assert/strict";
import { BATCH, type Op, type OpBatch } from "../../../../relay/core/log/op.ts";
import { Submitter } from "../../../../relay/core/log/submitter.ts";
import { roomName } from "../../../fakes/plain.ts";

const at = (mono: number) => ({ wall: 1_000 + mono, mono });
const drop = (conn: number): Op => ({ op: "drop", conn, agent: "a" });

function message(conn: number, bytes = 10): Op {
  const stamp = { agent: "a", nonce: "n", timestamp: 0 };
  const text = { id: "i", frame: "x".repeat(bytes), text_hash: "h" };
  return { op: "message", conn, room: roomName("tea"), ...stamp, ...text };
}

class Rig {
  rules = 1;
  readonly published: OpBatch[] = [];
  readonly submitter = new Submitter({
    node: "a",
    boot: 7,
    rules: () => this.rules,
    publish: (batch) => this.published.push(batch),
  });

  get last(): OpBatch {
    return this.published.at(-1) as OpBatch;
  }
}

Deno.test("Submitter: one batch is under way, what comes meanwhile is the next", () => {
  const { submitter, published } = new Rig();
  for (const conn of [1, 2, 3]) submitter.submit(drop(conn), at(0));
  assert.deepEqual(published.map(({ n, ops }) => [n, ops.length]), [[1, 1]]);
  assert.deepEqual(submitter.waiting, { ops: 2, bytes: 800 });
  assert.equal(submitter.seen(published[0] as OpBatch, at(12)), 12);
  assert.deepEqual(
    published.map(({ n, boot, ops }) => [n, boot, ops.length]),
    [[1, 7, 1], [2, 7, 2]],
  );
  assert.equal(submitter.seen(published[0] as OpBatch, at(13)), null);
  assert.equal(published.length, 2);
});

Deno.test("Submitter.tick: what is not seen for 1.5 s is published again as it was", () => {
  const rig = new Rig();
  rig.submitter.submit(drop(1), at(0));
  const [first] = rig.published;
  rig.submitter.tick(at(1_499));
  assert.equal(rig.published.length, 1);
  rig.submitter.tick(at(1_500));
  rig.submitter.tick(at(2_000));
  assert.deepEqual(rig.published, [first, first]);
});

Deno.test("Submitter: a batch is bounded in ops and bytes, but holds one op however large", () => {
  const rig = new Rig();
  rig.submitter.submit(drop(0), at(0));
  for (let i = 0; i < BATCH.ops + 5; i++) rig.submitter.submit(drop(i), at(0));
  rig.submitter.seen(rig.last, at(1));
  assert.equal(rig.last.ops.length, BATCH.ops);
  for (let i = 0; i < 3; i++) rig.submitter.submit(message(i, 60_000), at(1));
  rig.submitter.submit(message(9, BATCH.bytes), at(1));
  rig.submitter.seen(rig.last, at(2));
  assert.equal(rig.last.ops.length, 5 + 2);
  rig.submitter.seen(rig.last, at(3));
  assert.equal(rig.last.ops.length, 1);
  rig.submitter.seen(rig.last, at(4));
  assert.equal(rig.last.ops.length, 1);
  assert.deepEqual(rig.submitter.waiting, { ops: 0, bytes: 0 });
});

Deno.test("Submitter.takeOld: what agents wait for is given back, what others must hear stays", () => {
  const rig = new Rig();
  rig.submitter.submit(drop(0), at(0));
  rig.submitter.submit(message(1), at(0));
  rig.submitter.submit(drop(1), at(0));
  rig.submitter.submit(message(2), at(500));
  assert.deepEqual(rig.submitter.takeOld(0), []);
  assert.deepEqual(rig.submitter.takeOld(400), [message(1)]);
  rig.submitter.seen(rig.last, at(600));
  assert.deepEqual(rig.last.ops, [drop(1), message(2)]);
});

Deno.test("Submitter.reboot: nothing of the earlier boot is said any more", () => {
  const rig = new Rig();
  rig.submitter.submit(drop(0), at(0));
  rig.submitter.submit(drop(1), at(0));
  rig.submitter.reboot(9);
  rig.submitter.tick(at(5_000));
  assert.equal(rig.published.length, 1);
  rig.submitter.submit(drop(2), at(5_000));
  const { boot, n, ops } = rig.last;
  assert.deepEqual({ boot, n, ops }, { boot: 9, n: 1, ops: [drop(2)] });
});
