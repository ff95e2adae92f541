import { numberOf, type Sql, textOf } from "../../lib/sql/sql.ts";
import { requireSound } from "../store/database_copy.ts";
import { openSqlite } from "../store/open_sqlite.ts";
import { schemaTrouble } from "../store/schema.ts";

/**
 * Looks whether a file is a sound view of a log, which this program can read.
 *
 * @param log the name of the log.
 * @returns the log's last place that is in it.
 * @throws Error with what is wrong with it.
 */
export function judgeCopy(path: string, log: string): number {
  const sql = openSqlite(path);
  try {
    return judge(sql, log);
  } finally {
    sql.close();
  }
}

function judge(sql: Sql, log: string): number {
  requireSound(sql);
  const trouble = schemaTrouble(sql);
  if (trouble !== null) throw new Error(trouble);
  const place = sql.prepare("SELECT log, position FROM view_place").get();
  const of = textOf(place, "log");
  if (of !== log) {
    throw new Error(`it is the view of another log (made ${of || "never"})`);
  }
  return numberOf(place, "position");
}
