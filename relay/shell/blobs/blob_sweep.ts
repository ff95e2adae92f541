import type { BlobAsk } from "../../core/edge/blob_requests.ts";
import type { BlobClient } from "./blob_client.ts";

/** Checks, about one a second, from one look at the disk to the next, and from one at a cluster's servers. */
const CHECKS = { disk: 60, objects: 600 } as const;
/** Ids of one question. */
const ASKED = 500;

/** Removes files that are nobody's any more: what went by its time, with its room, or was never kept. */
export class BlobSweep {
  readonly #files: BlobClient;
  readonly #ask: (ask: BlobAsk) => void;
  readonly #isCurrent: () => boolean;
  #checks = 0;
  /** As of the last look: files that somebody has, places for some, and what they count as. */
  figures: { readonly files: number; readonly bytes: number } = {
    files: 0,
    bytes: 0,
  };

  /** @param parts.isCurrent false while this relay has yet to hear whose the files are. */
  constructor(
    { files, ask, isCurrent }: {
      readonly files: BlobClient;
      readonly ask: (ask: BlobAsk) => void;
      readonly isCurrent: () => boolean;
    },
  ) {
    this.#files = files;
    this.#ask = ask;
    this.#isCurrent = isCurrent;
  }

  /** About once a second. */
  check(): void {
    const checks = this.#checks++;
    if (!this.#files.isConnected || !this.#isCurrent()) return;
    if (checks % CHECKS.disk === 0) this.#files.list();
    if (checks % CHECKS.objects === 0) this.#files.listObjects();
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

  /** Files that a cluster's servers have: of those of which this relay knows all that the log says of them. */
  objectsListed(all: readonly string[]): void {
    for (let at = 0; at < all.length; at += ASKED) {
      const ids = all.slice(at, at + ASKED);
      this.#ask({
        kind: "known",
        hashes: [],
        ids,
        onAnswer: (answer, isSettled) => {
          if (answer.kind !== "blobs_known") return;
          const known = new Set(answer.ids);
          const gone = ids.filter((id) => isSettled(id) && !known.has(id));
          this.#files.purgeObjects(gone);
        },
      });
    }
  }
}
