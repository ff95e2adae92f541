import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { CallPort } from "../../../lib/port_calls.ts";
import { LentDisk } from "../../../relay/cluster/view_disk.ts";
import {
  BadCopy,
  type FromViewCopies,
  type ToViewCopies,
} from "../../../relay/view_copy/copy_port.ts";
import { settle } from "../../fakes/fake_clock.ts";

/** A disk that is lent, what it told the keeper, and a port to a worker that answers each question so. */
function lent(answer: (question: ToViewCopies) => FromViewCopies) {
  const told: string[] = [];
  const asked: ToViewCopies[] = [];
  const disk = new LentDisk((word) => void told.push(word));
  const port = (): CallPort & { isClosed: boolean } => {
    const made: CallPort & { isClosed: boolean } = {
      isClosed: false,
      onmessage: null,
      close() {
        made.isClosed = true;
      },
      postMessage(message) {
        asked.push(message as ToViewCopies);
        const data = answer(message as ToViewCopies);
        queueMicrotask(() =>
          made.onmessage?.(new MessageEvent("message", { data }))
        );
      },
    };
    return made;
  };
  return { disk, told, asked, port };
}

Deno.test("LentDisk: its worker is there as long as somebody has it, and what is asked before waits for it", async () => {
  const { disk, told, asked, port } = lent(({ call }) => ({
    ...{ type: "done", call },
  }));
  const [first, second] = [disk.borrow(), disk.borrow()];
  const begun = first.disk.begin();
  await settle();
  assert.deepEqual([told, asked.length], [["copies_wanted"], 0]);
  const worker = port();
  disk.connect(worker);
  await begun;
  first.giveBack();
  first.giveBack();
  await second.disk.drop();
  assert.deepEqual(told, ["copies_wanted"]);
  second.giveBack();
  assert.deepEqual(told, ["copies_wanted", "copies_done"]);
  assert.equal(worker.isClosed, true);
  const late = port();
  disk.connect(late);
  assert.equal(late.isClosed, true, "nobody has it any more");

  const again = disk.borrow();
  const dropped = again.disk.drop();
  await settle();
  disk.connect(port());
  await dropped;
  assert.deepEqual(told.slice(2), ["copies_wanted"]);
});

Deno.test("LentDisk: bytes go over as they are, whatever they share a buffer with; what fails says why", async () => {
  const { disk, asked, port } = lent(({ call, type }) =>
    type === "write"
      ? { type: "done", call }
      : { type: "failed", call, reason: "no room", why: "storage" }
  );
  const { disk: own } = disk.borrow();
  disk.connect(port());
  for (const shared of [new Uint8Array(1_000), Buffer.alloc(1_000)]) {
    await own.write(shared.fill(7).subarray(10, 12));
    const write = asked.pop();
    assert.ok(write?.type === "write");
    assert.deepEqual(write.bytes, Uint8Array.of(7, 7));
    assert.equal(write.bytes.buffer.byteLength, 2);
  }
  for (
    const ask of [
      ...[() => own.make(), () => own.read(0), () => own.begin()],
      ...[() => own.finish("", ""), () => own.drop()],
    ]
  ) {
    await assert.rejects(ask(), /^Error: no room$/);
  }
});

Deno.test("LentDisk: what is wrong with the copy itself is told apart from what the disk does not do", async () => {
  for (const why of ["copy", "storage"] as const) {
    const { disk, port } = lent(({ call }) => ({
      ...{ type: "failed", call, reason: "that", why },
    }));
    const { disk: own } = disk.borrow();
    disk.connect(port());
    await assert.rejects(own.finish("", ""), (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error instanceof BadCopy, why === "copy");
      assert.equal(error.message, "that");
      return true;
    });
  }
});
