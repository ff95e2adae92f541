import type { Sql } from "../../lib/sql/sql.ts";
import { pragma } from "./schema.ts";

/** Pages given back to the disk in one slice. */
const SLICE_PAGES = 200;
/** Free pages kept in the file for what comes next: this many, or a quarter of the file. */
const SPARE_PAGES = 2_000;
const SPARE_PART = 0.25;

/** The pages of a database's file. */
export class FilePages {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Bytes of those that hold something. */
  usedBytes(): number {
    return this.#count().used * pragma(this.#sql, "page_size");
  }

  /** Gives some back to the disk, where many are free. @returns whether there may be more */
  giveBack(): boolean {
    const { used, free } = this.#count();
    if (free <= Math.max(SPARE_PAGES, (used + free) * SPARE_PART)) return false;
    // A row a page: it works only as far as its rows are fetched, and `exec` fetches one.
    this.#sql.prepare(`PRAGMA incremental_vacuum(${SLICE_PAGES})`).all();
    return true;
  }

  #count(): { readonly used: number; readonly free: number } {
    const free = pragma(this.#sql, "freelist_count");
    return { used: pragma(this.#sql, "page_count") - free, free };
  }
}
