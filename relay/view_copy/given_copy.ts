import { createHash } from "node:crypto";
import { newFile } from "../../lib/host/new_file.ts";
import { copyDatabase } from "../store/database_copy.ts";
import { VIEW_PIECE_BYTES } from "./copy_port.ts";

/** A copy of a relay's view, for another relay: a file of its own, which does not change any more. */
export class GivenCopy {
  readonly size: number;
  /** Of all bytes; hex. */
  readonly sha256: string;
  readonly #file: Deno.FsFile;

  private constructor(file: Deno.FsFile, size: number, sha256: string) {
    this.#file = file;
    this.size = size;
    this.sha256 = sha256;
  }

  /**
   * @param to is not there yet; 0600.
   * @throws an error of `Deno.errors`, or of SQLite: of what was made so far the file is there.
   */
  static async make(view: string, to: string): Promise<GivenCopy> {
    {
      await using empty = await newFile(to);
      await empty.keep();
    }
    await copyDatabase(view, to);
    const file = await Deno.open(to);
    try {
      const { size, sha256 } = await measured(file);
      return new GivenCopy(file, size, sha256);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** As many bytes as a piece has, fewer at the end. @throws an error of `Deno.errors`. */
  async read(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    await this.#file.seek(offset, Deno.SeekMode.Start);
    return await readPiece(this.#file);
  }

  close(): void {
    this.#file.close();
  }
}

async function measured(file: Deno.FsFile) {
  const hash = createHash("sha256");
  for (let size = 0;;) {
    const bytes = await readPiece(file);
    if (bytes.length === 0) return { size, sha256: hash.digest("hex") };
    hash.update(bytes);
    size += bytes.length;
  }
}

async function readPiece(file: Deno.FsFile): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(VIEW_PIECE_BYTES);
  let filled = 0;
  while (filled < bytes.length) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return bytes.slice(0, filled);
}
