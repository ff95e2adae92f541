import assert from "node:assert/strict";
import {
  type FromObjects,
  OBJECT_PIECE_BYTES,
  type ToObjects,
} from "../../../relay/blobs/objects_port.ts";
import type { CallPort } from "../../../lib/port_calls.ts";
import {
  ObjectMissing,
  SharedObjects,
} from "../../../relay/blobs/shared_objects.ts";
import { manyBytes } from "../../fakes/blob_peer.ts";

/** Servers that keep pieces in order, or say nothing. */
function servers(isSilent = false) {
  const kept = new Map<string, Uint8Array[]>();
  const port: CallPort = {
    onmessage: null,
    close() {},
    postMessage(message: unknown) {
      if (isSilent) return;
      const data = answer(message as ToObjects);
      queueMicrotask(() =>
        port.onmessage?.(new MessageEvent("message", { data }))
      );
    },
  };
  const answer = (asked: ToObjects): FromObjects => {
    const { call } = asked;
    if (asked.type === "ids") {
      return { type: "ids", call, ids: [...kept.keys()] };
    }
    if (asked.type === "purge") {
      for (const id of asked.ids) kept.delete(id);
      return { type: "done", call };
    }
    const pieces = kept.get(asked.id) ?? [];
    if (asked.type === "store") {
      kept.set(asked.id, [...pieces, asked.bytes]);
      return { type: "done", call };
    }
    assert.equal(asked.after, asked.piece === 0 ? 0 : asked.piece * 10);
    const bytes = pieces[asked.piece];
    return bytes === undefined
      ? { type: "failed", call, isMissing: true, reason: "gone" }
      : { type: "loaded", call, bytes, place: (asked.piece + 1) * 10 };
  };
  return { port, kept };
}

/** A file that gives a few bytes at a time. */
function fileOf(bytes: Uint8Array) {
  let at = 0;
  return {
    size: bytes.length,
    close() {},
    read(into: Uint8Array): Promise<number | null> {
      const some = bytes.subarray(at, at + Math.min(into.length, 50_000));
      into.set(some);
      at += some.length;
      return Promise.resolve(some.length === 0 ? null : some.length);
    },
  };
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes: number[] = [];
  for await (const piece of pieces) for (const byte of piece) bytes.push(byte);
  return Uint8Array.from(bytes);
}

Deno.test("SharedObjects: a file comes back as it was stored, in full pieces but for the last", async () => {
  const { port, kept } = servers();
  const objects = new SharedObjects();
  objects.connect(port);
  for (const size of [0, 1, OBJECT_PIECE_BYTES, 2 * OBJECT_PIECE_BYTES + 3]) {
    const bytes = manyBytes(size);
    const id = `${size}`;
    await objects.store(id, fileOf(bytes));
    const lengths = (kept.get(id) ?? []).map(({ length }) => length);
    assert.ok(lengths.slice(0, -1).every((one) => one === OBJECT_PIECE_BYTES));
    assert.deepEqual(await all(objects.load(id, size)), bytes);
  }
  await objects.purge(["1"]);
  assert.ok(!(await objects.ids()).includes("1"));
});

Deno.test("SharedObjects: what the servers have only in part is missing", async () => {
  const { port } = servers();
  const objects = new SharedObjects();
  objects.connect(port);
  await objects.store("a", fileOf(manyBytes(OBJECT_PIECE_BYTES)));
  const more = objects.load("a", OBJECT_PIECE_BYTES + 1);
  await assert.rejects(all(more), ObjectMissing);
});

Deno.test("SharedObjects: what is under way fails when the connection begins anew, and before there is one", async () => {
  const objects = new SharedObjects();
  await assert.rejects(objects.ids(), /no connection/);
  objects.connect(servers(true).port);
  const ids = objects.ids();
  objects.connect(servers().port);
  await assert.rejects(ids, /began anew/);
  assert.deepEqual(await objects.ids(), []);
});
