import assert from "node:assert/strict";
import { SendLog, type SendStatus } from "../../../daemon/mailbox/send_log.ts";
import { plainCalls } from "../../fakes/plain.ts";
import { memoryMailbox } from "../../fakes/mailbox_rig.ts";

function log() {
  const sends = plainCalls(
    new SendLog(memoryMailbox().database, "ws://relay"),
  );
  let made = 0;
  const add = (status: SendStatus) => {
    const id = `m${made++}`;
    sends.add({
      id,
      room: "tea",
      text: id,
      replyTo: undefined,
      createdAt: made,
      status,
    });
    return id;
  };
  return { sends, add };
}

Deno.test("SendLog: of those that came to an end the last 200 are remembered", () => {
  const { sends, add } = log();
  const first = add("accepted");
  for (let i = 0; i < 199; i++) add(i % 2 === 0 ? "accepted" : "failed");
  assert.ok(sends.byId(first));
  add("accepted");
  assert.equal(sends.byId(first), undefined);
  assert.equal(sends.last(1_000).length, 200);
});

Deno.test("SendLog: what waits or has no known outcome is never pushed out by what was sent after it", () => {
  const { sends, add } = log();
  const open = [add("unknown"), add("queued")];
  for (let i = 0; i < 1_000; i++) add("accepted");
  assert.deepEqual(sends.open().map(({ id }) => id), open);
});

Deno.test("SendLog: unknown outcomes that nobody will repeat are bounded too", () => {
  const { sends, add } = log();
  for (let i = 0; i < 2_500; i++) add("unknown");
  assert.equal(sends.open().length, 2_000);
});
