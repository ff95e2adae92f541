import type { BlobAsk } from "../../core/edge/blob_requests.ts";
import type { BlobClient } from "./blob_client.ts";

/** Checks, about one a second, from one look at the disk to the next. */
const CHECKS = 60;

/** Removes files that are nobody's any more: what went by its time, with its room, or was never kept. */
export class BlobSweep {
  readonly #files: BlobClient;
  readonly #ask: (ask: BlobAsk) => void;
  #checks = 0;
  /** As of the last look: files that somebody has, places for some, and what they count as. */
  figures: { readonly files: number; readonly bytes: number } = {
    files: 0,
    bytes: 0,
  };

  constructor(files: BlobClient, ask: (ask: BlobAsk) => void) {
    this.#files = files;
    this.#ask = ask;
  }

  /** About once a second. */
  check(): void {
    if (this.#checks++ % CHECKS !== 0 || !this.#files.isConnected) return;
    this.#files.list();
  }

  /** Files that are on disk. */
  listed(hashes: readonly string[]): void {
    this.#ask({
      kind: "known",
      hashes,
      ids: [],
      onAnswer: (answer) => {
        if (answer.kind !== "blobs_known") return;
        const { files, bytes } = answer;
        this.figures = { files, bytes };
        const known = new Set(answer.hashes);
        this.#files.remove(hashes.filter((hash) => !known.has(hash)));
      },
    });
  }
}
