/** Why the database as a whole could not be used. The reason is plain English for an operator's log. */
export interface StorageFault {
  /**
   * - `busy`: another process holds the database; passes by itself.
   * - `full`: the disk, or the size that the store may have.
   * - `read_only`: the file or its disk takes no writes.
   * - `damaged`: what is in the file is wrong, or it is gone; nothing cures that but a person.
   * - `broken`: anything else; the file is opened anew before the next try.
   */
  readonly kind: "busy" | "full" | "read_only" | "damaged" | "broken";
  readonly reason: string;
}

/** SQLite's own words (sqlite.org/rescode.html): node:sqlite of this runtime gives no result code. */
const KNOWN: readonly (readonly [RegExp, StorageFault])[] = [
  [/database (table )?is locked|database schema is locked/, {
    kind: "busy",
    reason: "the database is locked by another process; end that process",
  }],
  [/database or disk is full/, {
    kind: "full",
    reason:
      "the disk, or the store's own size limit, is full; free space or keep fewer messages",
  }],
  [/readonly database|read-only/i, {
    kind: "read_only",
    reason:
      "the database can't be written; check the owner and the mode of the data folder",
  }],
  [/unable to open database file/, {
    kind: "broken",
    reason:
      "the database file can't be opened; check that the data folder exists and is yours",
  }],
  [/file is not a database|disk image is malformed|malformed database schema/, {
    kind: "damaged",
    reason:
      "the database file is damaged; move it away, or put back a copy of it",
  }],
  [/disk I\/O error/, {
    kind: "broken",
    reason: "the disk failed; check it and the system's log",
  }],
  [/out of memory/, {
    kind: "broken",
    reason: "no memory is left for the database",
  }],
];

/** The file that was opened is no longer at its path: what is stored from now on would be gone at the next start. */
export const FILE_GONE: StorageFault = {
  kind: "damaged",
  reason:
    "the database file was removed or replaced while in use; put back a copy of it",
};

/** The fault that an error of node:sqlite stands for, or undefined: then it concerns one statement's values alone. */
export function knownFault(error: unknown): StorageFault | undefined {
  const text = error instanceof Error ? error.message : String(error);
  return KNOWN.find(([words]) => words.test(text))?.[1];
}

/** Like {@link knownFault}, for an error that is the whole database's whatever it says. */
export function storageFault(error: unknown): StorageFault {
  const known = knownFault(error);
  if (known) return known;
  const text = error instanceof Error ? error.message : String(error);
  return {
    kind: "broken",
    reason: `the database failed: ${text.slice(0, 200)}`,
  };
}
