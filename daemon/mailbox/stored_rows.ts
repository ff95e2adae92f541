import type { Sql } from "../../lib/sql/sql.ts";
import { messageTextOf, roomNameOf } from "./checked_columns.ts";

/** Every column that must hold a room's name; of the messages themselves, whatever their index says. */
const ROOM_NAMES = `
  SELECT room FROM messages NOT INDEXED UNION SELECT room FROM marks
  UNION SELECT room FROM gaps UNION SELECT name FROM rooms
  UNION SELECT room FROM sends`;

/**
 * Looks at what SQLite's own check can't: whether rows hold what was ever written to them. One that does not would be
 * met at every start, and none would get past it.
 *
 * @throws TypeError where one does not.
 */
export function checkStoredRows(sql: Sql): void {
  for (const row of sql.prepare(ROOM_NAMES).iterate()) roomNameOf(row, "room");
  const texts = sql.prepare("SELECT text FROM sends");
  for (const row of texts.iterate()) messageTextOf(row, "text");
}
