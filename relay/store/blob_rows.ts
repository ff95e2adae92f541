import {
  numberOf,
  type Sql,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import {
  type BlobAnswer,
  type BlobQuotas,
  type BlobRead,
  type BlobsKnownRead,
  LEAST_COUNTED,
  type StoreBlob,
  type StoreBlobKept,
  type StoreBlobReserved,
} from "./blob_contract.ts";
import type { StoreAnswer } from "./contract.ts";

const COUNTED = `sum(max(bytes, ${LEAST_COUNTED}))`;

/**
 * Which files there are, whose they are, and until when; the bytes are on disk by their hash. All that is decided follows
 * from the rows and the times that came with them, so that all views of a log are the same.
 */
export class BlobRows {
  /** What is held beside the same file, by whose quota. */
  readonly #sums: Readonly<Record<keyof BlobQuotas, Statement>>;
  readonly #insert: Statement;
  readonly #keep: Statement;
  readonly #replace: Statement;
  readonly #drop: Statement;
  readonly #end: Statement;

  constructor(sql: Sql) {
    const other = "NOT (owner = ? AND scope = ? AND sha256 = ?)";
    const sum = (where: string) =>
      sql.prepare(
        `SELECT coalesce(${COUNTED}, 0) AS bytes FROM blobs WHERE ${where} AND ${other}`,
      );
    this.#sums = {
      agentBytes: sum("owner = ?"),
      addressBytes: sum("address = ?"),
      scopeBytes: sum("scope = ?"),
      totalBytes: sql.prepare(
        `SELECT bytes - coalesce((SELECT ${COUNTED} FROM blobs
           WHERE ? = '' AND owner = ? AND scope = ? AND sha256 = ?), 0) AS bytes
         FROM blob_total`,
      ),
    };
    this.#insert = sql.prepare(
      `INSERT OR IGNORE INTO blobs (id, owner, address, scope, sha256, bytes, until, kept)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
    );
    this.#keep = sql.prepare(
      "UPDATE blobs SET kept = 1, until = ? WHERE id = ?",
    );
    this.#replace = sql.prepare(
      `DELETE FROM blobs WHERE kept = 1 AND id <> ?1 AND (owner, scope, sha256) =
         (SELECT owner, scope, sha256 FROM blobs WHERE id = ?1)`,
    );
    this.#drop = sql.prepare("DELETE FROM blobs WHERE id = ? AND kept = 0");
    this.#end = sql.prepare("DELETE FROM blobs WHERE scope = ?");
  }

  /** @throws node:sqlite's errors: the transaction, or the savepoint, must then be rolled back. */
  apply(write: StoreBlob): StoreAnswer {
    const { token } = write;
    switch (write.kind) {
      case "blob_reserved":
        return this.#reserve(write);
      case "blob_kept":
        return this.#kept(write);
      case "blob_dropped":
        this.#drop.run(write.id);
        return { kind: "stored", token };
    }
  }

  /** The scope is no more, nor what was in it. */
  ended(scope: string): void {
    this.#end.run(scope);
  }

  #reserve(write: StoreBlobReserved): StoreAnswer {
    const { token, id, owner, address, scope, sha256, size, until } = write;
    const of: Readonly<Record<keyof BlobQuotas, string>> = {
      agentBytes: owner,
      addressBytes: address,
      scopeBytes: scope,
      totalBytes: "",
    };
    for (const quota of QUOTAS) {
      const held = this.#sums[quota].get(of[quota], owner, scope, sha256);
      const bytes = numberOf(held, "bytes") + Math.max(size, LEAST_COUNTED);
      if (bytes > write.quotas[quota]) {
        return { kind: "failed", token, why: "full", reason: quota };
      }
    }
    this.#insert.run(id, owner, address, scope, sha256, size, until);
    return { kind: "stored", token };
  }

  #kept({ token, id, until }: StoreBlobKept): StoreAnswer {
    if (Number(this.#keep.run(until, id).changes) === 0) {
      const reason = "the place for the file is gone";
      return { kind: "failed", token, why: "no_room", reason };
    }
    this.#replace.run(id);
    return { kind: "stored", token };
  }
}

const QUOTAS = [
  "agentBytes",
  "scopeBytes",
  "addressBytes",
  "totalBytes",
] as const satisfies readonly (keyof BlobQuotas)[];

/** Removes what was kept for its time. */
export class BlobRetention {
  readonly #old: Statement;

  constructor(sql: Sql) {
    this.#old = sql.prepare(
      `DELETE FROM blobs WHERE id IN
         (SELECT id FROM blobs WHERE until <= ? ORDER BY until, id LIMIT ?)`,
    );
  }

  /** @returns how many rows went, at most so many. @throws node:sqlite's errors. */
  slice(now: number, most: number): number {
    return Number(this.#old.run(now, most).changes);
  }
}

/** What there is of files, from what is committed. */
export class BlobReads {
  readonly #find: Statement;
  readonly #hash: Statement;
  readonly #id: Statement;
  readonly #total: Statement;

  constructor(sql: Sql) {
    this.#find = sql.prepare(
      `SELECT id, until FROM blobs WHERE scope = ? AND sha256 = ? AND bytes = ?
         AND until > ? AND kept = 1 ORDER BY until DESC, id LIMIT 1`,
    );
    this.#hash = sql.prepare(
      "SELECT 1 AS one FROM blobs WHERE sha256 = ? LIMIT 1",
    );
    this.#id = sql.prepare("SELECT 1 AS one FROM blobs WHERE id = ?");
    this.#total = sql.prepare("SELECT files, bytes FROM blob_total");
  }

  /** @throws node:sqlite's errors. */
  answer(read: BlobRead | BlobsKnownRead): BlobAnswer {
    const { kind, token } = read;
    if (kind === "blob") {
      const { scope, sha256, size, at } = read;
      const row = this.#find.get(scope, sha256, size, at);
      const blob = row === undefined
        ? null
        : { id: textOf(row, "id"), until: numberOf(row, "until") };
      return { kind, token, blob };
    }
    const total = this.#total.get();
    return {
      kind,
      token,
      hashes: read.hashes.filter((hash) => this.#hash.get(hash) !== undefined),
      ids: read.ids.filter((id) => this.#id.get(id) !== undefined),
      files: numberOf(total, "files"),
      bytes: numberOf(total, "bytes"),
    };
  }
}
