import assert from "node:assert/strict";
import { blobDisk } from "../../../relay/blobs/blob_disk.ts";
import type { BlobDisk } from "../../../relay/blobs/blob_folder.ts";
import { BlobBed } from "../../fakes/blob_bed.ts";
import { hashOf, manyBytes } from "../../fakes/blob_peer.ts";
import { settle } from "../../fakes/fake_clock.ts";

Deno.test("BlobService: what nobody has is removed, but not what came since the list was made", async () => {
  await BlobBed.use(async (bed) => {
    const [one, two] = [manyBytes(10), manyBytes(10)];
    await bed.store(one, two);
    bed.tell({ type: "list" });
    const { hashes } = await bed.next("listed");
    assert.deepEqual([...hashes].sort(), [hashOf(one), hashOf(two)].sort());
    await bed.store(two);
    bed.tell({ type: "remove", hashes });
    bed.tell({ type: "list" });
    assert.deepEqual((await bed.next("listed")).hashes, [hashOf(two)]);
    assert.deepEqual(bed.names(), [hashOf(two)]);
  });
});

/** A disk that says what it does with finished files, and whose removals wait until they are let go. */
class HeldDisk {
  readonly did: string[] = [];
  #letGo: () => void = () => {};
  readonly #held = new Promise<void>((resolve) => this.#letGo = resolve);
  readonly #onSync: () => void;
  readonly disk: BlobDisk = {
    ...blobDisk,
    create: async (path) => {
      const file = await blobDisk.create(path);
      return {
        write: (bytes) => file.write(bytes),
        sync: async () => {
          await file.sync();
          this.#onSync();
        },
        close: () => file.close(),
      };
    },
    rename: async (from, to) => {
      this.did.push("rename");
      await blobDisk.rename(from, to);
    },
    remove: async (path) => {
      this.did.push("remove");
      await this.#held;
      await blobDisk.remove(path);
      this.did.push("removed");
    },
  };

  constructor(onSync: (disk: HeldDisk) => void = () => {}) {
    this.#onSync = () => onSync(this);
  }

  letGo(): void {
    this.#letGo();
  }
}

Deno.test("BlobService: a list asked for while files are removed does not make them forget what came meanwhile", async () => {
  const held = new HeldDisk();
  await BlobBed.use(async (bed) => {
    const [one, two] = [manyBytes(10), manyBytes(11)];
    await bed.store(one, two);
    bed.tell({ type: "list" });
    await bed.next("listed");
    await bed.store(two);
    bed.tell({ type: "remove", hashes: [hashOf(one), hashOf(two)] });
    bed.tell({ type: "list" });
    held.letGo();
    assert.deepEqual((await bed.next("listed")).hashes, [hashOf(two)]);
    assert.deepEqual(bed.names(), [hashOf(two)]);
  }, held.disk);
});

Deno.test("BlobService: a file that comes in while one of its name is removed waits for that, and stays", async () => {
  const held = new HeldDisk((disk) =>
    disk.did.includes("remove") && disk.letGo()
  );
  await BlobBed.use(async (bed) => {
    const bytes = manyBytes(10);
    await bed.store(bytes);
    bed.tell({ type: "list" });
    await bed.next("listed");
    held.did.length = 0;
    bed.tell({ type: "remove", hashes: [hashOf(bytes)] });
    await bed.store(bytes);
    assert.deepEqual(held.did, ["remove", "removed", "rename"]);
    assert.deepEqual(bed.names(), [hashOf(bytes)]);
  }, held.disk);
});

Deno.test("BlobService: a list and a removal that the disk fails are logged, and the next ones are done", async () => {
  let fails = 0;
  const fail = () => {
    if (fails-- > 0) throw new Error("Input/output error (os error 5)");
  };
  const disk: BlobDisk = {
    ...blobDisk,
    async *names(path) {
      fail();
      yield* blobDisk.names(path);
    },
    remove: async (path) => (fail(), await blobDisk.remove(path)),
  };
  await BlobBed.use(async (bed) => {
    const bytes = manyBytes(10);
    await bed.store(bytes);
    const hashes = [hashOf(bytes)];
    fails = 1;
    bed.tell({ type: "list" }, { type: "list" });
    assert.deepEqual((await bed.next("listed")).hashes, hashes);
    fails = 1;
    bed.tell({ type: "remove", hashes }, { type: "list" });
    assert.deepEqual((await bed.next("listed")).hashes, hashes);
    bed.tell({ type: "remove", hashes }, { type: "list" });
    assert.deepEqual((await bed.next("listed")).hashes, []);
    assert.equal(bed.logged.match(/Input\/output error/g)?.length, 2);
  }, disk);
});

Deno.test("BlobService: stop() waits for what is just being removed", async () => {
  const held = new HeldDisk();
  await BlobBed.use(async (bed) => {
    bed.put(1, manyBytes(10));
    await bed.next("taken");
    bed.tell({ type: "cancel", transfer: 1 });
    while (!held.did.includes("remove")) await settle();
    const stopped = bed.service.stop();
    setTimeout(() => held.letGo());
    await stopped;
    assert.deepEqual(held.did, ["remove", "removed"]);
  }, held.disk);
});
