import assert from "node:assert/strict";
import { blobDisk } from "../../../relay/blobs/blob_disk.ts";
import { type BlobDisk, BlobFolder } from "../../../relay/blobs/blob_folder.ts";
import {
  type FromBlobs,
  PIECE_BYTES,
  type ToBlobs,
} from "../../../relay/blobs/blob_port.ts";
import { BlobService } from "../../../relay/blobs/blob_service.ts";
import { hashOf, manyBytes } from "../../fakes/blob_peer.ts";

/** A service over a folder of its own, whose disk can fail. */
class Bed {
  readonly path = `${Deno.makeTempDirSync({ prefix: "blobs-" })}/blobs`;
  readonly said: FromBlobs[] = [];
  readonly folder: BlobFolder;
  readonly service: BlobService;
  #wake: () => void = () => {};

  constructor(disk: BlobDisk = blobDisk) {
    this.folder = new BlobFolder(this.path, disk);
    this.service = new BlobService({
      folder: this.folder,
      objects: null,
      say: (said) => {
        this.said.push(said);
        this.#wake();
      },
    });
  }

  static async use(
    test: (bed: Bed) => Promise<void>,
    disk?: BlobDisk,
  ): Promise<void> {
    const bed = new Bed(disk);
    try {
      await bed.folder.begin();
      await test(bed);
      await bed.service.stop();
    } finally {
      await Deno.remove(bed.path.slice(0, -"/blobs".length), {
        recursive: true,
      });
    }
  }

  /** The next thing of this type that is said, of those not given yet. */
  async next<T extends FromBlobs["type"]>(
    type: T,
  ): Promise<Extract<FromBlobs, { type: T }>> {
    for (;;) {
      const at = this.said.findIndex((one) => one.type === type);
      if (at >= 0) {
        return this.said.splice(at, 1)[0] as Extract<FromBlobs, { type: T }>;
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  tell(...messages: ToBlobs[]): void {
    for (const message of messages) this.service.told(message);
  }

  put(
    transfer: number,
    bytes: Uint8Array,
    more: { readonly sha256?: string; readonly size?: number } = {},
  ): void {
    const sha256 = hashOf(bytes);
    const size = bytes.length;
    this.tell({
      type: "put",
      transfer,
      id: `${transfer}`,
      sha256,
      size,
      ...more,
    });
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.slice(at, at + PIECE_BYTES);
      this.tell({ type: "bytes", transfer, bytes: piece });
    }
  }

  /** Puts whole files, one after the other. */
  async store(...files: readonly Uint8Array[]): Promise<void> {
    for (const [transfer, bytes] of files.entries()) {
      this.put(transfer, bytes);
      this.tell({ type: "end", transfer });
      await this.next("stored");
    }
  }

  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
  }
}

Deno.test("BlobService: what came in is on disk under its hash, for its owner alone, and goes out as it was, as much as is asked for", async () => {
  await Bed.use(async (bed) => {
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
  await Bed.use(async (bed) => {
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
  await Bed.use(async (bed) => {
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
  await Bed.use(async (bed) => {
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
    await Bed.use(async (bed) => {
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
  await Bed.use(async (bed) => {
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

Deno.test("BlobService: what nobody has is removed, but not what came since the list was made", async () => {
  await Bed.use(async (bed) => {
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
  await Bed.use(async (bed) => {
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
  await Bed.use(async (bed) => {
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
