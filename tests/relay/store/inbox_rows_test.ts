import assert from "node:assert/strict";
import { sqliteWaiting } from "../../../lib/sql/sql.ts";
import { InboxRows } from "../../../relay/store/inbox_rows.ts";
import { migrate } from "../../../relay/store/schema.ts";

const DAY_MS = 24 * 3_600_000;

Deno.test("InboxRows put: strangers whose messages were had keep a row each, 1,000 in all, for 7 days", () => {
  const sql = sqliteWaiting(0)(":memory:");
  assert.equal(migrate(sql), null);
  const rows = new InboxRows(sql);
  let at = 1;
  const put = (from: string) => {
    const answer = rows.put({
      ...{ kind: "direct", token: 1, to: "bob", from, id: from },
      ...{ from_name: "x", frame: "{}", text_hash: "aa", isReceipt: false },
      ...{ isPaid: true, received_at: at },
    });
    return answer.kind === "failed" ? answer.why : answer.kind;
  };
  for (let n = 0; n < 1_000; n++) {
    assert.equal(put(`s${n}`), "stored");
    rows.take({
      ...{ kind: "inbox_taken", token: 1, recipient: "bob", knows: [], at },
      messages: [{ from: `s${n}`, id: `s${n}` }],
    });
  }
  assert.equal(put("one more"), "full");
  at += 7 * DAY_MS + 1;
  assert.equal(put("one more"), "stored");
  sql.close();
});
