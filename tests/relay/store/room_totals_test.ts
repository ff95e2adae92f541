import assert from "node:assert/strict";
import fc from "fast-check";
import { numberOf, openSqlite, type Sql } from "../../../lib/sql/sql.ts";
import { migrate } from "../../../relay/store/schema.ts";
import { RoomTotals } from "../../../relay/store/room_totals.ts";

const MOST = 10;

/** The same by looking at every room. */
function scanned(sql: Sql) {
  const sums = sql.prepare(
    `SELECT coalesce(sum(row_count), 0) AS messages, coalesce(sum(byte_count), 0) AS bytes
     FROM rooms`,
  ).get();
  const crowded = sql.prepare(
    `SELECT id, row_count FROM rooms WHERE row_count > ${MOST} LIMIT 1`,
  ).get();
  return {
    messages: numberOf(sums, "messages"),
    bytes: numberOf(sums, "bytes"),
    crowded: crowded &&
      { id: crowded.id, messages: numberOf(crowded, "row_count") },
  };
}

const told = (totals: RoomTotals) => ({
  messages: totals.messages,
  bytes: totals.bytes,
  crowded: totals.crowded(),
});

const room = fc.nat(5);
const STEP = fc.oneof(
  fc.record({ do: fc.constant("add" as const), room }),
  fc.record({
    do: fc.constant("count" as const),
    room,
    by: fc.integer({ min: -15, max: 15 }),
  }),
  fc.record({ do: fc.constant("remove" as const), room }),
  fc.record({ do: fc.constant("touch" as const), room }),
  fc.record({
    do: fc.constantFrom("begin" as const, "commit" as const, "undo" as const),
    room,
  }),
  fc.record({ do: fc.constant("take back" as const), room }),
);

Deno.test("RoomTotals: what it says is what a look at every room says, whatever is changed or undone", () => {
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 40 }), (steps) => {
      const sql = openSqlite(":memory:");
      migrate(sql);
      sql.exec(
        `INSERT INTO rooms (name, topic, tags, created_by, created_at, last_active, next_seq, row_count, byte_count)
         VALUES ('full', '', '', '', 0, 0, 0, ${
          MOST + 1
        }, 500), ('more', '', '', '', 0, 0, 0, ${MOST}, 7)`,
      );
      const totals = new RoomTotals(sql, MOST);
      assert.deepEqual(told(totals), scanned(sql));
      let isOpen = false;
      for (const step of steps) {
        if (step.do === "begin" ? isOpen : step.do === "commit" && !isOpen) {
          continue;
        }
        if (step.do === "undo" && !isOpen) continue;
        isOpen = step.do === "begin" ||
          (isOpen && step.do !== "commit" && step.do !== "undo");
        sql.exec(statementOf(step));
        assert.deepEqual(told(totals), scanned(sql));
      }
      sql.close();
    }),
    { numRuns: 200 },
  );
});

function statementOf(
  step: typeof STEP extends fc.Arbitrary<infer S> ? S : never,
) {
  const id = step.room + 1;
  switch (step.do) {
    case "add":
      return `INSERT OR IGNORE INTO rooms (id, name, topic, tags, created_by, created_at, last_active, next_seq)
        VALUES (${id}, 'r${id}', '', '', '', 0, 0, 0)`;
    case "count":
      return `UPDATE rooms SET row_count = max(0, row_count + ${step.by}),
        byte_count = byte_count + ${3 * step.by} WHERE id = ${id}`;
    case "remove":
      return `DELETE FROM rooms WHERE id = ${id}`;
    case "touch":
      return `UPDATE rooms SET ended = 1 WHERE id = ${id}`;
    case "take back":
      return `SAVEPOINT one;
        UPDATE rooms SET row_count = row_count + 20, byte_count = 0 WHERE id = ${id};
        ROLLBACK TO one; RELEASE one`;
    case "begin":
      return "BEGIN";
    case "commit":
      return "COMMIT";
    case "undo":
      return "ROLLBACK";
  }
}
