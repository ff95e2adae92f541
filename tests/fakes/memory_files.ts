import type { FileStore } from "../../daemon/session/files/file_store.ts";
import type {
  Blob,
  RelayBlobs,
} from "../../daemon/session/files/relay_blobs.ts";
import { Failure } from "../../lib/errors.ts";
import { joined } from "../../lib/protocol/byte_layout.ts";

/** Files that wait on their way out, in memory. */
export class MemoryFiles implements FileStore {
  readonly kept = new Map<string, Uint8Array>();
  /** So many bytes fit in all. */
  room = Infinity;

  create = (id: string) => {
    const parts: Uint8Array[] = [];
    let isKept = false;
    return Promise.resolve({
      write: (bytes: Uint8Array) => {
        this.room -= bytes.length;
        if (this.room < 0) return Promise.reject(diskFull());
        parts.push(bytes.slice());
        return Promise.resolve();
      },
      keep: () => {
        this.kept.set(id, joined(...parts));
        isKept = true;
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => {
        if (!isKept) this.kept.delete(id);
        return Promise.resolve();
      },
    });
  };

  async *read(id: string): AsyncGenerator<Uint8Array> {
    const bytes = this.kept.get(id);
    if (bytes === undefined) throw diskFull();
    for (let at = 0; at < bytes.length; at += 1_000) {
      yield await Promise.resolve(bytes.subarray(at, at + 1_000));
    }
  }

  remove = (id: string) => {
    this.kept.delete(id);
    return Promise.resolve();
  };

  list = () => Promise.resolve([...this.kept.keys()]);
}

function diskFull(): Failure {
  return new Failure("FILE_TROUBLE", {
    fields: { action: "write", path: "/files", reason: "the disk is full" },
  });
}

/** A relay's files, in memory: for as many agents as share it. */
export class MemoryBlobs implements RelayBlobs {
  readonly kept = new Map<string, Uint8Array>();
  readonly puts: Blob[] = [];
  readonly gets: Blob[] = [];
  readonly #wall: () => number;
  /** Why it takes and gives none, while it does not. */
  refuse: Failure | undefined;
  /** What it gives in place of a file. */
  lie: ((bytes: Uint8Array) => Uint8Array) | undefined;

  constructor(wall: () => number) {
    this.#wall = wall;
  }

  async put(blob: Blob, body: AsyncIterable<Uint8Array>): Promise<number> {
    if (this.refuse !== undefined) throw this.refuse;
    const bytes = joined(...await Array.fromAsync(body));
    this.puts.push(blob);
    this.kept.set(blob.sha256, bytes);
    return this.#wall() + 7 * 24 * 3_600_000;
  }

  async *get(blob: Blob): AsyncGenerator<Uint8Array> {
    if (this.refuse !== undefined) throw this.refuse;
    this.gets.push(blob);
    const had = this.kept.get(blob.sha256);
    if (had === undefined) throw new Failure("BLOB_NOT_FOUND");
    const bytes = this.lie?.(had) ?? had;
    for (let at = 0; at < bytes.length; at += 10_000) {
      yield await Promise.resolve(bytes.subarray(at, at + 10_000));
    }
  }
}
