import { numberOf, type OpenSql, type Sql, textOf } from "../../lib/sql/sql.ts";
import { damageOf } from "../store/database_copy.ts";
import { schemaTrouble } from "../store/schema.ts";
import { knownFault } from "../store/storage_fault.ts";
import { BadCopy } from "./copy_port.ts";

/**
 * Looks whether a file is a sound view of a log, which this program can read.
 *
 * @param log the name of the log.
 * @returns the log's last place that is in it.
 * @throws BadCopy with what is wrong with it; an error of SQLite where the disk fails.
 */
export function judgeCopy(open: OpenSql, path: string, log: string): number {
  const sql = open(path);
  try {
    return judge(sql, log);
  } catch (error) {
    throw isOfDisk(error) ? error : new BadCopy((error as Error).message);
  } finally {
    sql.close();
  }
}

function judge(sql: Sql, log: string): number {
  const trouble = damageOf(sql) ?? schemaTrouble(sql);
  if (trouble !== null) throw new BadCopy(trouble);
  const place = sql.prepare("SELECT log, position FROM view_place").get();
  const of = textOf(place, "log");
  if (of !== log) {
    throw new BadCopy(`it is the view of another log (made ${of || "never"})`);
  }
  return numberOf(place, "position");
}

/** SQLite writes beside a database that it only reads: a full disk keeps it from that. */
function isOfDisk(error: unknown): boolean {
  if (error instanceof BadCopy) return false;
  const kind = knownFault(error)?.kind;
  return kind !== undefined && kind !== "damaged";
}
