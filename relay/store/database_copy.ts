import { backup, DatabaseSync } from "node:sqlite";
import { type Sql, sqliteWaiting } from "../../lib/sql/sql.ts";

/** How long a database that is locked is waited for, in milliseconds. */
const LOCKED_MS = 10_000;
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies a database as it stands at one moment (sqlite.org/backup.html) into a file that is there and empty, and looks
 * whether the copy is sound. Who writes the database goes on meanwhile. The thread that asks stands still.
 *
 * @throws node:sqlite's errors; Error where the copy is damaged.
 */
export async function copyDatabase(source: string, to: string): Promise<void> {
  // An absent file would be made, empty, by opening it.
  Deno.statSync(source);
  using database = new DatabaseSync(source, { timeout: LOCKED_MS });
  // In one step: between two, a write of the relay would make it begin anew.
  await backup(database, to, { rate: ALL_PAGES });
  // Not read-only: closing it then leaves no log beside it.
  const made = openCopy(to);
  try {
    const damage = damageOf(made);
    if (damage !== null) throw new Error(damage);
  } finally {
    made.close();
  }
}

const openCopy = sqliteWaiting(0);

/** What of a copy is damaged; null where it is sound. @throws node:sqlite's errors, also of some damage. */
export function damageOf(database: Sql): string | null {
  const row = database.prepare("PRAGMA quick_check").get() ?? {};
  const [said] = Object.values(row);
  return said === "ok" ? null : `the copy is damaged: ${said}`;
}
