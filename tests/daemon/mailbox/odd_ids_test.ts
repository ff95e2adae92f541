import assert from "node:assert/strict";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

const ODD = "--file=/etc/passwd";
const [ada, bob] = ["A".repeat(44), "B".repeat(44)];

Deno.test("Mailbox: a message whose id is no word of a command line is kept and shown by its number", () => {
  const { mailbox } = memoryMailbox();
  const added = mailbox.add(message({ id: ODD, from: ada, text: "odd one" }));
  assert.equal(added?.id, "1");
  assert.equal(mailbox.page({}).messages[0]?.id, "1");
  assert.equal(mailbox.page({ from: "Ada" }).messages[0]?.id, "1");
  assert.equal(
    mailbox.search({ words: "odd one", limit: 1 }).messages[0]?.id,
    "1",
  );
  assert.equal(mailbox.byId("1").text, "odd one");
  assert.equal(mailbox.byId("1", ada.slice(0, 8)).cursor, 1);
  assert.throws(() => mailbox.byId("1", bob), /NOT_FOUND|no message/);
  assert.equal(mailbox.shownIdOf({ id: ODD, from: ada }), "1");
  assert.equal(mailbox.shownIdOf({ id: ODD, from: bob }), "");
});

Deno.test("Mailbox: it is still the same message by its id on the wire, which an answer names", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: ODD, from: ada }));
  assert.equal(mailbox.add(message({ id: ODD, from: ada })), null);
  assert.equal(mailbox.wireIdOf("1"), ODD);
  assert.equal(mailbox.wireIdOf("2"), "2");
});

Deno.test("Mailbox.wireIdOf: the number of a message with an id of its own stands for nothing else", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "plain", from: ada }));
  mailbox.add(message({ id: "1", from: bob }));
  assert.equal(mailbox.wireIdOf("1"), "1");
  assert.equal(mailbox.byId("1").from, bob);
});

Deno.test("Mailbox: what a message answers is told only by an id that anybody could name", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "a", reply_to: "--force" }));
  mailbox.add(message({ id: "b", reply_to: "a" }));
  const told = mailbox.page({}).messages.map((one) => one.reply_to);
  assert.deepEqual(told, [undefined, "a"]);
});
