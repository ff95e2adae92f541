import { join } from "node:path";
import { isBlobHash } from "../../lib/blobs/blob_token.ts";
import {
  type NewFile,
  type PrivateFiles,
  removeIfThere,
} from "../../lib/host/private_files.ts";

/** A file that is read from its start to its end. */
export interface ReadFile {
  readonly size: number;
  /** @returns how many bytes, null at the end. */
  read(bytes: Uint8Array): Promise<number | null>;
  close(): void;
}

/** What of the disk is needed beside {@link PrivateFiles}. */
export interface BlobDisk extends PrivateFiles {
  /** For its owner alone, where it is missing. */
  makeFolder(path: string): Promise<void>;
  names(path: string): AsyncIterable<string>;
  /** Rejects with NotFound. */
  open(path: string): Promise<ReadFile>;
}

/** What an unfinished file's name ends with. */
const UNFINISHED = ".new";

/** The folder of a relay's files: each by the hash of its bytes, for its owner alone; unfinished ones beside them. */
export class BlobFolder {
  readonly #path: string;
  readonly #disk: BlobDisk;
  /** Removals under way, by hash: whoever puts a file under such a name waits, or it would be gone with the old one. */
  readonly #removing = new Map<string, Promise<void>>();
  #last = 0;

  constructor(path: string, disk: BlobDisk) {
    this.#path = path;
    this.#disk = disk;
  }

  /** Makes it, and removes what an earlier run did not finish. */
  async begin(): Promise<void> {
    await this.#disk.makeFolder(this.#path);
    for await (const name of this.#disk.names(this.#path)) {
      if (name.endsWith(UNFINISHED)) await this.#remove(name);
    }
  }

  /** The hashes of the files that are there. */
  async *hashes(): AsyncGenerator<string> {
    for await (const name of this.#disk.names(this.#path)) {
      if (isBlobHash(name)) yield name;
    }
  }

  /** A new file under a name of its own. */
  async create(): Promise<{ readonly name: string; readonly file: NewFile }> {
    const name = `${++this.#last}${UNFINISHED}`;
    return { name, file: await this.#disk.create(this.#of(name)) };
  }

  /** An unfinished file whose bytes are on the disk is one by its hash from now on. */
  async keep(name: string, hash: string): Promise<void> {
    await this.#removing.get(hash);
    await this.#disk.rename(this.#of(name), this.#of(hash));
    await this.#disk.syncFolder(this.#path);
  }

  /** Removes an unfinished file. */
  async discard(name: string): Promise<void> {
    await this.#remove(name);
  }

  async remove(hash: string): Promise<void> {
    if (!isBlobHash(hash)) return;
    const removal = this.#remove(hash);
    this.#removing.set(hash, removal);
    try {
      await removal;
    } finally {
      this.#removing.delete(hash);
    }
  }

  /** @returns null where it is not there. */
  async open(hash: string): Promise<ReadFile | null> {
    try {
      return await this.#disk.open(this.#of(hash));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  async #remove(name: string): Promise<void> {
    await removeIfThere(this.#disk, this.#of(name));
  }

  #of(name: string): string {
    return join(this.#path, name);
  }
}
