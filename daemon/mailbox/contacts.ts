import { Failure } from "../../lib/errors.ts";
import type { Contact } from "../../lib/local_api/types/contacts.ts";
import type { MailboxDatabase } from "./database.ts";
import {
  numberOf,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";

/** Most agents of whom something is kept. */
const MOST_CONTACTS = 1_000;

/** What this agent's user says of others: names pinned to keys, and who is muted. */
export class Contacts {
  readonly #all: Statement;
  readonly #get: Statement;
  readonly #save: Statement;
  readonly #forget: Statement;
  readonly #authors: Statement;

  constructor(database: MailboxDatabase) {
    this.#all = database.prepare(
      "SELECT * FROM contacts ORDER BY added_at, id",
    );
    this.#get = database.prepare("SELECT * FROM contacts WHERE id = ?");
    this.#save = database.prepare(
      "INSERT OR REPLACE INTO contacts (id, name, muted, added_at) VALUES (?, ?, ?, ?)",
    );
    this.#forget = database.prepare("DELETE FROM contacts WHERE id = ?");
    this.#authors = database.prepare(
      "SELECT DISTINCT author FROM messages WHERE substr(author, 1, ?1) = ?2",
    );
  }

  /** The earliest first. */
  all(): Contact[] {
    return this.#all.all().map(contactOf);
  }

  /** What is kept of an agent; undefined for most. */
  get(id: string): Contact | undefined {
    const row = this.#get.get(id);
    return row === undefined ? undefined : contactOf(row);
  }

  /** Keeps a contact; one without a name that is not muted is forgotten. @throws Failure USAGE when there are too many */
  save(contact: Contact): void {
    const { id, name, muted, added_at } = contact;
    if (name === undefined && !muted) {
      this.#forget.run(id);
      return;
    }
    const isNew = this.get(id) === undefined;
    if (isNew && this.all().length >= MOST_CONTACTS) {
      throw new Failure("USAGE", {
        fields: {
          reason: `${MOST_CONTACTS} contacts are kept already`,
          fix: "unpin or unmute some: agentnet contacts",
        },
      });
    }
    this.#save.run(id, name ?? null, muted ? 1 : 0, added_at);
  }

  /** Ids of authors in the mailbox that start so. */
  authors(start: string): string[] {
    return this.#authors.all(start.length, start).map((row) =>
      textOf(row, "author")
    );
  }
}

function contactOf(row: SqlRow): Contact {
  return {
    id: textOf(row, "id"),
    ...(row.name === null ? {} : { name: textOf(row, "name") }),
    muted: numberOf(row, "muted") === 1,
    added_at: numberOf(row, "added_at"),
  };
}
