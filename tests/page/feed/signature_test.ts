import assert from "node:assert/strict";
import { type MessageRow, readMessageRow } from "../../../page/feed/rows.ts";
import {
  checkRow,
  chooseVerify,
  plain,
  type Verify,
} from "../../../page/feed/signature.ts";
import { historyRow } from "../../../relay/shell/history_rows.ts";
import { agent } from "../../fakes/agents.ts";
import { FrameMaker } from "../../fakes/relay_agent.ts";

/** A message as a relay's REST tells it, changed. */
function row(more: Record<string, unknown> = {}, signed = {}): MessageRow {
  const frame = new FrameMaker(agent(1)).message("r", 'Tea? "é" 漢', signed);
  const told = historyRow({ seq: 4, from_name: "ada", received_at: 9, frame });
  const read = readMessageRow({ ...told, ...more });
  assert.ok(read);
  return read;
}

const WAYS: readonly (readonly [string, Promise<Verify>])[] = [
  ["the browser's crypto", chooseVerify(crypto.subtle)],
  ["noble", chooseVerify(undefined)],
];

for (const [name, way] of WAYS) {
  Deno.test(`checkRow by ${name}: what its author signed is verified, fields beyond the usual ones too`, async () => {
    const verify = await way;
    assert.equal(await checkRow(row(), "r", verify), "verified");
    const more = row({}, { reply_to: "x", written_by: "person", z: [1, null] });
    assert.equal(await checkRow(more, "r", verify), "verified");
    const renamed = row({ from_name: "eve", seq: 9, received_at: 1 });
    assert.equal(await checkRow(renamed, "r", verify), "verified");
  });

  Deno.test(`checkRow by ${name}: whatever else is changed is forged`, async () => {
    const verify = await way;
    const changes: Record<string, unknown>[] = [
      { content: '{"type":"text","text":"Coffee?"}' },
      { id: "other" },
      { timestamp: 1 },
      { from_id: agent(2).id },
      { from_id: "1".repeat(32) },
      { signature: "1" },
      { signature: 7 },
      { written_by: "person" },
      { reply_to: "m" },
    ];
    for (const change of changes) {
      const verdict = await checkRow(row(change), "r", verify);
      assert.equal(verdict, "forged", JSON.stringify(change));
    }
  });
}

Deno.test("checkRow: signed for another room it is forged here; without a signature it says so", async () => {
  assert.equal(await checkRow(row(), "other", plain), "forged");
  assert.equal(
    await checkRow(row({ signature: undefined }), "r", plain),
    "unsigned",
  );
});
