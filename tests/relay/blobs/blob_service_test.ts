import assert from "node:assert/strict";
import { blobDisk } from "../../../relay/blobs/blob_disk.ts";
import type { BlobDisk } from "../../../relay/blobs/blob_folder.ts";
import { PIECE_BYTES } from "../../../relay/blobs/blob_port.ts";
import { BlobBed } from "../../fakes/blob_bed.ts";
import { hashOf, manyBytes } from "../../fakes/blob_peer.ts";

Deno.test("BlobService: what came in is on disk under its hash, for its owner alone, and goes out as it was, as much as is asked for", async () => {
  await BlobBed.use(async (bed) => {
    const bytes = manyBytes(3 * PIECE_BYTES + 7);
    const sha256 = hashOf(bytes);
    bed.put(1, bytes);
    bed.tell({ type: "end", transfer: 1 });
    await bed.next("stored");
    assert.deepEqual(bed.names(), [sha256]);
    const { mode } = await Deno.stat(`${bed.path}/${sha256}`);
    assert.equal((mode ?? 0) & 0o777, 0o600);
    assert.equal(((await Deno.stat(bed.path)).mode ?? 0) & 0o777, 0o700);

    const name = { transfer: 2, id: "1", sha256, size: bytes.length };
    bed.tell({ type: "get", ...name }, {
      type: "more",
      transfer: 2,
      bytes: 10,
    });
    await bed.next("opened");
    assert.deepEqual((await bed.next("bytes")).bytes, bytes.slice(0, 10));
    assert.deepEqual(bed.said.filter(({ type }) => type === "bytes"), []);
    bed.tell({ type: "more", transfer: 2, bytes: bytes.length });
    await bed.next("ended");
    const rest = bed.said.flatMap((one) =>
      one.type === "bytes" ? [...one.bytes] : []
    );
    assert.deepEqual(rest, [...bytes.slice(10)]);
  });
});

Deno.test("BlobService: other bytes, too few and too many leave nothing", async () => {
  await BlobBed.use(async (bed) => {
    const bytes = manyBytes(100);
    const wrong = [
      { sha256: hashOf(manyBytes(100)) },
      { size: 101 },
      { size: 99 },
    ];
    for (const [at, more] of wrong.entries()) {
      bed.put(at, bytes, more);
      bed.tell({ type: "end", transfer: at });
      assert.equal((await bed.next("failed")).why, "mismatch");
      assert.deepEqual(bed.names(), []);
    }
  });
});

Deno.test("BlobService: what is cut off leaves nothing, and what an earlier run did not finish goes at the start", async () => {
  await BlobBed.use(async (bed) => {
    bed.put(1, manyBytes(100), { size: 200 });
    await bed.next("taken");
    assert.equal(bed.names().length, 1);
    bed.tell({ type: "cancel", transfer: 1 });
    await bed.service.stop();
    assert.deepEqual(bed.names(), []);
    await Deno.writeTextFile(`${bed.path}/7.new`, "x");
    await Deno.writeTextFile(`${bed.path}/${"a".repeat(64)}`, "x");
    await bed.folder.begin();
    assert.deepEqual(bed.names(), ["a".repeat(64)]);
  });
});

Deno.test("BlobService: two of the same bytes at once are one on disk", async () => {
  await BlobBed.use(async (bed) => {
    const bytes = manyBytes(1_000);
    bed.put(1, bytes);
    bed.put(2, bytes);
    bed.tell({ type: "end", transfer: 1 }, { type: "end", transfer: 2 });
    const stored = [await bed.next("stored"), await bed.next("stored")];
    assert.deepEqual(stored.map(({ transfer }) => transfer).sort(), [1, 2]);
    assert.deepEqual(bed.names(), [hashOf(bytes)]);
  });
});

Deno.test("BlobService: a disk that fails at any step fails the file, leaves nothing, and the next is taken", async () => {
  const full = new Error("No space left on device (os error 28)");
  for (const step of ["create", "write", "sync", "rename"] as const) {
    let isFull = true;
    const fail = (at: string) => {
      if (isFull && at === step) throw full;
    };
    const disk: BlobDisk = {
      ...blobDisk,
      create: async (path) => {
        fail("create");
        const file = await blobDisk.create(path);
        return {
          write: async (bytes) => (fail("write"), await file.write(bytes)),
          sync: async () => (fail("sync"), await file.sync()),
          close: () => file.close(),
        };
      },
      rename: async (
        from,
        to,
      ) => (fail("rename"), await blobDisk.rename(from, to)),
    };
    await BlobBed.use(async (bed) => {
      bed.put(1, manyBytes(100));
      bed.tell({ type: "end", transfer: 1 });
      const { why, reason } = await bed.next("failed");
      assert.equal(why, "storage", step);
      assert.match(reason, /No space left/);
      assert.deepEqual(bed.names(), [], step);
      isFull = false;
      bed.put(2, manyBytes(100));
      bed.tell({ type: "end", transfer: 2 });
      await bed.next("stored");
    }, disk);
  }
});

Deno.test("BlobService: what is not there, or is not as long as was said, is missing", async () => {
  await BlobBed.use(async (bed) => {
    const bytes = manyBytes(10);
    const name = { id: "1", sha256: hashOf(bytes), size: 10 };
    bed.tell({ type: "get", transfer: 1, ...name });
    assert.equal((await bed.next("failed")).why, "missing");
    bed.put(2, bytes);
    bed.tell({ type: "end", transfer: 2 });
    await bed.next("stored");
    bed.tell({ type: "get", transfer: 3, ...name, size: 11 });
    assert.equal((await bed.next("failed")).why, "missing");
  });
});
