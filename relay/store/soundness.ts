import type { DatabaseFiles } from "./open_sqlite.ts";
import { FILE_GONE, knownFault, type StorageFault } from "./storage_fault.ts";

/** How often the file is looked at anew, in milliseconds. */
const LOOK_MS = 5_000;

/**
 * Whether an open database is still what lies on the disk. The connection that has it open can't tell: it goes on with
 * what it remembers, in files that were removed, and what it acknowledges is gone at the next start.
 */
export class Soundness {
  readonly #path: string;
  readonly #files: DatabaseFiles;
  readonly #opened: (string | null)[];
  #lookedAt: number;

  /** Right after the database was opened; `now` is monotonic. */
  constructor(path: string, files: DatabaseFiles, now: number) {
    this.#path = path;
    this.#files = files;
    this.#opened = [...files.ids(path)];
    this.#lookedAt = now;
  }

  /** The damage, or null. @throws the disk's own errors. */
  fault(now: number): StorageFault | null {
    for (const [i, id] of this.#files.ids(this.#path).entries()) {
      // The log may be made by the first write.
      const opened = this.#opened[i] ??= id;
      if (id !== opened) return FILE_GONE;
    }
    if (now - this.#lookedAt < LOOK_MS) return null;
    this.#lookedAt = now;
    return this.#look();
  }

  /** Only damage counts: a database that is locked, or a disk that is full, shows in the writes. */
  #look(): StorageFault | null {
    try {
      this.#files.look(this.#path);
      return null;
    } catch (error) {
      const fault = knownFault(error);
      return fault?.kind === "damaged" ? fault : null;
    }
  }
}
