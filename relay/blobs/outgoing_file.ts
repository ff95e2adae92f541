import type { ReadFile } from "./blob_folder.ts";
import { PIECE_BYTES } from "./blob_port.ts";

/** A file that goes out, as many bytes at a time as were asked for. */
export class OutgoingFile {
  readonly #file: ReadFile;
  /** Bytes that were asked for and not said yet. */
  #wanted = 0;
  #isClosed = false;

  constructor(file: ReadFile) {
    this.#file = file;
  }

  /** Says what is wanted. @returns whether all was said; @throws what the disk says. */
  async more(
    bytes: number,
    say: (bytes: Uint8Array) => void,
  ): Promise<boolean> {
    this.#wanted += bytes;
    while (this.#wanted > 0 && !this.#isClosed) {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, this.#wanted));
      const read = await this.#file.read(piece);
      if (read === null) return true;
      this.#wanted -= read;
      say(read === piece.length ? piece : piece.slice(0, read));
    }
    return false;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }
}
