import assert from "node:assert/strict";
import { ReadMarks } from "../../../daemon/mailbox/read_marks.ts";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

Deno.test("ReadMarks: what was lost is told until one has read past the last of it", () => {
  const marks = new ReadMarks(memoryMailbox().database);
  marks.drop("tea", { count: 2, upto: 9 });
  marks.drop("tea", { count: 1, upto: 4 });
  marks.read(8, "tea");
  assert.equal(marks.dropped("tea"), 3);
  marks.read(9, "tea");
  assert.equal(marks.dropped("tea"), 0);
});

Deno.test("Mailbox: of itself it holds 32 MB of messages and no more", () => {
  const { mailbox } = memoryMailbox({ buffer: 100_000 });
  const text = "x".repeat(1024 * 1024 - 400);
  for (let i = 0; i < 32; i++) mailbox.add(message({ id: `${i}`, text }));
  assert.equal(mailbox.count({ all: true }), 32);
  mailbox.add(message({ id: "one more", text }));
  assert.equal(mailbox.count({ all: true }), 32);
  assert.equal(mailbox.page({}).dropped, 1);
});
