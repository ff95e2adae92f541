import { textOf } from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** Tables whose rows belong to one relay; what else does hangs on these. */
const OF_RELAYS = ["rooms", "sends", "private_rooms", "sealed_frames"] as const;

/**
 * By which of its addresses the rooms of a relay are kept that has several: always the same one, in whatever order they are
 * given, and also once that one is no longer among them.
 */
export class RelayNames {
  readonly #database: MailboxDatabase;
  readonly #urls: readonly [string, ...string[]];
  /** Addresses under which something is kept. */
  readonly #owners: readonly string[];
  /** Under which address that of others is kept, as was noted. */
  readonly #noted: ReadonlyMap<string, string>;

  /** @throws {Failure} FILE_TROUBLE */
  constructor(
    database: MailboxDatabase,
    urls: readonly [string, ...string[]],
  ) {
    this.#database = database;
    this.#urls = urls;
    this.#owners = urls.filter((url) => hasRows(database, url));
    this.#noted = notedOf(database, urls);
  }

  get name(): string {
    const [owner] = [...this.#owners].sort();
    const [noted] = [...this.#noted.values()].sort();
    return owner ?? noted ?? this.#urls[0];
  }

  /** Remembers it for the addresses under which nothing is kept. @throws {Failure} FILE_TROUBLE */
  note(): void {
    const { name } = this;
    const put = this.#database.prepare(
      "INSERT OR REPLACE INTO relay_names VALUES (?, ?)",
    );
    for (const url of this.#urls) {
      const isKnown = url === name || this.#noted.get(url) === name;
      if (!isKnown && !this.#owners.includes(url)) put.run(url, name);
    }
  }
}

function hasRows(database: MailboxDatabase, url: string): boolean {
  return OF_RELAYS.some((table) =>
    database.prepare(`SELECT 1 FROM ${table} WHERE relay = ? LIMIT 1`)
      .get(url) !== undefined
  );
}

function notedOf(
  database: MailboxDatabase,
  urls: readonly string[],
): ReadonlyMap<string, string> {
  const find = database.prepare(
    "SELECT name FROM relay_names WHERE address = ?",
  );
  return new Map(urls.flatMap((url) => {
    const row = find.get(url);
    return row === undefined ? [] : [[url, textOf(row, "name")] as const];
  }));
}
