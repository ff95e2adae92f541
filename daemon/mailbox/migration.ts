import { numberOf, type Sql } from "../../lib/sql/sql.ts";
import { VERSIONS } from "./schema.ts";
import { fillShortIds } from "./short_ids.ts";

/** Marks a file as a mailbox (`PRAGMA application_id`): "ANmb". */
export const APPLICATION_ID = 0x414e6d62;

/** Whether the file is a mailbox of a version that this program does not know. Reads alone. */
export function isNewer(sql: Sql): boolean {
  return pragma(sql, "application_id") === APPLICATION_ID &&
    pragma(sql, "user_version") > VERSIONS.length;
}

/** Brings a file to this program's schema. @throws Error when it is another program's. */
export function migrate(sql: Sql): void {
  const version = pragma(sql, "user_version");
  const isOurs = version === 0 ||
    pragma(sql, "application_id") === APPLICATION_ID;
  if (!isOurs) throw new Error("the file was written by another program");
  if (version === VERSIONS.length) return;
  sql.exec("BEGIN IMMEDIATE");
  for (const step of VERSIONS.slice(version)) sql.exec(step);
  fillShortIds(sql);
  sql.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  sql.exec(`PRAGMA user_version = ${VERSIONS.length}`);
  sql.exec("COMMIT");
}

function pragma(sql: Sql, name: "user_version" | "application_id"): number {
  return numberOf(sql.prepare(`PRAGMA ${name}`).get(), name);
}
