import { createHash } from "node:crypto";
import type { FileKey } from "../../lib/sealed/file_key.ts";
import type { FilePart } from "../../lib/sealed/file_part.ts";
import { blobOf, numberOf, type Statement } from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** Bounds of what is kept of files that come in parts. */
export const KEPT_PARTS = {
  /** Of one author. */
  authorFiles: 8,
  authorBytes: 8 * 2 ** 20,
  totalBytes: 64 * 2 ** 20,
  totalFiles: 512,
  /** From the first part on; milliseconds. */
  keptMs: 7 * 24 * 3_600_000,
  /** The same where no message names the file. */
  unnamedMs: 3_600_000,
} as const;

const SIZES = `SELECT f.n AS n, f.author AS author,
    coalesce((SELECT sum(length(p.bytes)) FROM file_parts p WHERE p.file = f.n), 0) AS bytes
  FROM part_files f`;

function oldestOf(most: "count(*)" | "sum(bytes)"): string {
  return `SELECT min(n) AS oldest FROM (${SIZES}) GROUP BY author
    ORDER BY ${most} DESC, oldest LIMIT 1`;
}

/** What a message says of a file that came in parts, or not. */
type NamedFile = Pick<FileKey, "blob" | "parts">;

/** Sealed files that came in parts, each by the word of its author. Every method throws FILE_TROUBLE. */
export class FileParts {
  readonly #database: MailboxDatabase;
  readonly #sweep: Statement;
  readonly #begin: Statement;
  readonly #name: Statement;
  readonly #find: Statement;
  readonly #add: Statement;
  readonly #part: Statement;
  readonly #remove: Statement;
  readonly #ofAuthor: Statement;
  readonly #total: Statement;
  /** Whose files are the most, and whose are the largest. */
  readonly #most: Statement;
  readonly #largest: Statement;

  constructor(database: MailboxDatabase) {
    this.#database = database;
    const prepare = (sql: string) => database.prepare(sql);
    this.#sweep = prepare(
      "DELETE FROM part_files WHERE at < ? OR at > ? OR named = 0 AND at < ?",
    );
    this.#begin = prepare(
      "INSERT OR IGNORE INTO part_files (author, blob, parts, at) VALUES (?, ?, ?, ?)",
    );
    this.#name = prepare(
      "UPDATE part_files SET named = 1 WHERE author = ? AND blob = ?",
    );
    this.#find = prepare(
      `SELECT n, parts, (SELECT count(*) FROM file_parts p WHERE p.file = f.n) AS have
       FROM part_files f WHERE author = ? AND blob = ?`,
    );
    this.#add = prepare(
      "INSERT OR IGNORE INTO file_parts (file, part, bytes) VALUES (?, ?, ?)",
    );
    this.#part = prepare(
      "SELECT bytes FROM file_parts WHERE file = ? AND part = ?",
    );
    this.#remove = prepare("DELETE FROM part_files WHERE n = ?");
    this.#ofAuthor = prepare(
      `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes, min(n) AS oldest
       FROM (${SIZES} WHERE f.author = ?)`,
    );
    this.#total = prepare(
      `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM (${SIZES})`,
    );
    this.#most = prepare(oldestOf("count(*)"));
    this.#largest = prepare(oldestOf("sum(bytes)"));
  }

  /**
   * Keeps a part. What is over the bounds goes: of its author the oldest, then that of who has most. What is whole and
   * not what its name says goes too.
   *
   * @param now wall clock
   */
  take(author: string, part: FilePart, now: number): void {
    const { blob, index, count, bytes } = part;
    this.#database.transaction(() => {
      this.#tidy(now);
      this.#begin.run(author, blob, count, now);
      const file = this.#of(author, blob);
      // What is whole stays as it is: repeated parts cost nobody another hash.
      if (file?.parts !== count || file.have === count) return;
      this.#add.run(file.n, index, bytes);
      const have = this.#of(author, blob)?.have;
      if (have === count && !this.#isSound(file.n, { blob, count })) {
        this.#remove.run(file.n);
      }
      this.#bound(author);
    });
  }

  /** A message of its author names a file, which may not have come in parts. @param now wall clock */
  named(author: string, file: NamedFile | undefined, now: number): void {
    if (file?.parts === undefined) return;
    const { blob, parts } = file;
    this.#begin.run(author, blob, parts, now);
    this.#name.run(author, blob);
    this.#bound(author);
  }

  /** How many parts of a file are here. @param now wall clock */
  have(author: string, blob: string, now: number): number {
    this.#tidy(now);
    return this.#of(author, blob)?.have ?? 0;
  }

  /** Its parts, in order, as far as they are here. */
  *pieces(author: string, blob: string): Generator<Uint8Array> {
    const file = this.#of(author, blob);
    for (let part = 0; file !== undefined && part < file.parts; part++) {
      const row = this.#part.get(file.n, part);
      if (row === undefined) return;
      yield blobOf(row, "bytes");
    }
  }

  /** A time that is to come is of a clock that was turned back since. */
  #tidy(now: number): void {
    const { keptMs, unnamedMs } = KEPT_PARTS;
    this.#sweep.run(now - keptMs, now + keptMs, now - unnamedMs);
  }

  #bound(author: string): void {
    const { authorFiles, authorBytes, totalFiles, totalBytes } = KEPT_PARTS;
    for (;;) {
      const row = this.#ofAuthor.get(author);
      const isFull = numberOf(row, "files") > authorFiles ||
        numberOf(row, "bytes") > authorBytes;
      if (!isFull) break;
      this.#remove.run(numberOf(row, "oldest"));
    }
    for (;;) {
      const row = this.#total.get();
      const isMany = numberOf(row, "files") > totalFiles;
      if (!isMany && numberOf(row, "bytes") <= totalBytes) return;
      const whose = isMany ? this.#most : this.#largest;
      this.#remove.run(numberOf(whose.get(), "oldest"));
    }
  }

  #isSound(
    file: number,
    { blob, count }: Pick<FilePart, "blob" | "count">,
  ): boolean {
    const hash = createHash("sha256");
    for (let part = 0; part < count; part++) {
      hash.update(blobOf(this.#part.get(file, part), "bytes"));
    }
    return hash.digest("hex") === blob;
  }

  #of(author: string, blob: string) {
    const row = this.#find.get(author, blob);
    return row === undefined ? undefined : {
      n: numberOf(row, "n"),
      parts: numberOf(row, "parts"),
      have: numberOf(row, "have"),
    };
  }
}
