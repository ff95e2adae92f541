import assert from "node:assert/strict";
import { openSqlite } from "../../../relay/store/open_sqlite.ts";
import { readStart } from "../../../relay/store/opened_store.ts";
import { migrate, VERSIONS } from "../../../relay/store/schema.ts";

Deno.test("migrate: a file of the first version keeps its rows, and nothing of it is scanned", () => {
  const sql = openSqlite(":memory:");
  sql.exec(VERSIONS[0] ?? "");
  sql.exec(
    `PRAGMA user_version = 1;
    PRAGMA application_id = ${0x414e7273};
    INSERT INTO rooms VALUES (1, 'tea', 'Tea', '["a"]', 'ann', 5, 9, 7, 2, 0);
    INSERT INTO rooms VALUES (2, 'talk', '', '[]', 'ben', 6, 6, 6, 0, 0);
    INSERT INTO messages VALUES (1, 1, 5, 'ann', 'x', 'Ann', 'h', 8, 8, '{"é":1}');
    INSERT INTO messages VALUES (2, 1, 6, 'ann', 'y', 'Ann', 'h', 9, 9, '{}');`,
  );
  assert.equal(migrate(sql), null);
  assert.equal(migrate(sql), null, "nothing is left to do");
  const { rooms, closed } = readStart(sql);
  assert.deepEqual(rooms, [
    {
      ...{ name: "talk", topic: "", tags: [], created_by: "ben" },
      ...{ created_from: "", created_at: 6, last_active: 6 },
      ...{ messages: 0, bytes: 0 },
    },
    {
      ...{ name: "tea", topic: "Tea", tags: ["a"], created_by: "ann" },
      ...{ created_from: "", created_at: 5, last_active: 9 },
      ...{ messages: 2, bytes: 0 },
    },
  ]);
  assert.deepEqual(closed, []);
  sql.close();
});
