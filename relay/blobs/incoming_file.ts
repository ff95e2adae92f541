import { createHash } from "node:crypto";
import type { NewFile } from "../../lib/host/private_files.ts";
import type { BlobFolder } from "./blob_folder.ts";
import type { BlobName } from "./blob_port.ts";

/** The bytes are not those that were said to come. */
export class Mismatch extends Error {}

/** A file that comes in: written and hashed piece by piece, under another name until it is whole. */
export class IncomingFile {
  readonly #folder: BlobFolder;
  readonly #wanted: Pick<BlobName, "sha256" | "size">;
  readonly #name: string;
  readonly #file: NewFile;
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #isClosed = false;

  private constructor(
    folder: BlobFolder,
    wanted: Pick<BlobName, "sha256" | "size">,
    { name, file }: Awaited<ReturnType<BlobFolder["create"]>>,
  ) {
    this.#folder = folder;
    this.#wanted = wanted;
    this.#name = name;
    this.#file = file;
  }

  static async create(
    folder: BlobFolder,
    wanted: Pick<BlobName, "sha256" | "size">,
  ): Promise<IncomingFile> {
    return new IncomingFile(folder, wanted, await folder.create());
  }

  /** @throws Mismatch where they are more than were to come; what the disk says. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#wanted.size) {
      throw new Mismatch(`more than ${this.#wanted.size} bytes came`);
    }
    this.#hash.update(bytes);
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(await this.#file.write(rest));
  }

  /** Checks it, and returns once it is on the disk under its hash. @throws Mismatch; what the disk says. */
  async keep(): Promise<void> {
    const { sha256, size } = this.#wanted;
    if (this.#bytes !== size) {
      throw new Mismatch(`${this.#bytes} bytes came rather than ${size}`);
    }
    if (this.#hash.digest("hex") !== sha256) {
      throw new Mismatch("their hash is another one");
    }
    await this.#file.sync();
    this.#close();
    await this.#folder.keep(this.#name, sha256);
  }

  /** Leaves nothing of it. */
  async discard(): Promise<void> {
    this.#close();
    await this.#folder.discard(this.#name);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }
}
