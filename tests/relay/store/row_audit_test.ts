import assert from "node:assert/strict";
import { sqliteWaiting } from "../../../lib/sql/sql.ts";
import { RowAudit } from "../../../relay/store/row_audit.ts";
import { migrate } from "../../../relay/store/schema.ts";
import { View } from "../../../relay/store/view.ts";

function knowing(agents: number) {
  const sql = sqliteWaiting(0)(":memory:");
  migrate(sql);
  new View(sql);
  for (let i = 0; i < agents; i++) {
    sql.exec(`INSERT INTO known VALUES ('me', 'agent ${i}', ${i})`);
  }
  return sql;
}

Deno.test("RowAudit: each row is looked at once in a round, some at a time, also over a restart", () => {
  const sql = knowing(100);
  let audit = new RowAudit(sql);
  const round = [audit.next()];
  audit = new RowAudit(sql);
  for (let i = 0; i < 3; i++) round.push(audit.next());
  const seen = round.flatMap((text) => text.match(/agent \d+/g) ?? []);
  assert.equal(seen.length, 100);
  assert.equal(new Set(seen).size, 100);
  assert.equal(audit.next(), round[0], "and from the beginning");
});

Deno.test("RowAudit: rows that are all looked at at once are looked at each time, and what is in them is told", () => {
  const sql = knowing(3);
  const audit = new RowAudit(sql);
  const before = audit.next();
  assert.equal(audit.next(), before);
  sql.exec("UPDATE known SET at = 7 WHERE agent = 'agent 2'");
  assert.notEqual(audit.next(), before);
});

Deno.test("RowAudit: whose a file is, and until when, is looked at too", () => {
  const sql = knowing(0);
  sql.exec(
    "INSERT INTO blobs VALUES ('i', 'ada', '1', 'room tea', 'aa', 10, 7, 1)",
  );
  const audit = new RowAudit(sql);
  for (
    const change of ["scope = 'x'", "owner = 'x'", "until = 8", "kept = 0"]
  ) {
    const before = audit.next();
    assert.equal(audit.next(), before);
    sql.exec(`UPDATE blobs SET ${change}`);
    assert.notEqual(audit.next(), before, change);
  }
});
