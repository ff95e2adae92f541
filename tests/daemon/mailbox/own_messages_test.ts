import assert from "node:assert/strict";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

const ME = "M".repeat(44);
const own = (id: string, text = id) =>
  message({ id, text, from: ME, from_name: "me" });

function texts(
  { messages }: { readonly messages: readonly { readonly text: string }[] },
): string[] {
  return messages.map(({ text }) => text);
}

Deno.test("Mailbox.addOwn: it is shown by all, an id and a search, marked, and by nothing else", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "1", text: "which tea?" }));
  mailbox.addOwn(own("2", "assam tea, @me"));
  mailbox.add(message({ id: "3", text: "fine" }));
  assert.deepEqual(texts(mailbox.page({})), ["which tea?", "fine"]);
  assert.deepEqual(texts(mailbox.page({ after: 1 })), ["fine"]);
  assert.deepEqual(texts(mailbox.page({ mention: true, all: true })), []);
  assert.equal(mailbox.count({}), 2);
  assert.equal(mailbox.unread().get("tea"), 2);
  const all = mailbox.page({ all: true }).messages;
  assert.deepEqual(all.map(({ cursor, you }) => [cursor, you ?? false]), [
    [1, false],
    [2, true],
    [3, false],
  ]);
  assert.equal(mailbox.byId("2").you, true);
  assert.deepEqual(texts(mailbox.search({ words: "tea", limit: 9 })), [
    "which tea?",
    "assam tea, @me",
  ]);
});

Deno.test("Mailbox.addOwn: once, whatever way it comes again", () => {
  const { mailbox } = memoryMailbox();
  mailbox.addOwn(own("1"));
  mailbox.addOwn(own("1"));
  assert.equal(mailbox.add(own("1")), null);
  assert.equal(mailbox.count({ all: true }), 1);
  mailbox.remember(own("2"));
  mailbox.addOwn(own("2"));
  assert.equal(mailbox.count({ all: true }), 1);
});

Deno.test("Mailbox.addOwn: a gap stays open, and is shown once", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "1" }));
  mailbox.read({ cursor: 1 });
  mailbox.addGap("tea", 2);
  mailbox.addOwn(own("2"));
  const { gaps } = mailbox.page({});
  assert.deepEqual(gaps, [{ room: "tea", count: 2, after: 1, before: 0 }]);
  mailbox.read({ gaps });
  assert.deepEqual(mailbox.page({}).gaps, []);
});

Deno.test("Mailbox.addOwn: own ones push no others out, and are bounded themselves", () => {
  const { mailbox } = memoryMailbox({ buffer: 3 });
  for (const id of ["1", "2", "3"]) mailbox.add(message({ id }));
  for (let i = 0; i < 9; i++) mailbox.addOwn(own(`own ${i}`));
  assert.deepEqual([mailbox.count({}), mailbox.page({}).dropped], [3, 0]);
  const kept = mailbox.page({ all: true }).messages.filter(({ you }) => you);
  assert.deepEqual(texts({ messages: kept }), ["own 6", "own 7", "own 8"]);
  for (const id of ["4", "5"]) mailbox.add(message({ id }));
  assert.deepEqual([mailbox.count({}), mailbox.page({}).dropped], [3, 2]);
  assert.equal(mailbox.count({ all: true }), 6);
});

Deno.test("Mailbox.read: a mark by single messages passes own ones", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "1" }));
  mailbox.addOwn(own("2"));
  mailbox.add(message({ id: "3" }));
  mailbox.read({ cursors: [1] });
  assert.deepEqual(mailbox.page({}).messages.map(({ cursor }) => cursor), [3]);
  mailbox.read({ cursors: [3] });
  assert.equal(mailbox.count({}), 0);
});

Deno.test("Mailbox.page: an answer to one of ours is a mention, long after that fell out; one to another's is none", () => {
  const { mailbox } = memoryMailbox({ buffer: 3 });
  mailbox.addOwn(own("q1"));
  for (let i = 0; i < 5; i++) mailbox.addOwn(own(`later ${i}`));
  mailbox.add(message({ id: "a", reply_to: "q1" }));
  mailbox.add(message({ id: "b", reply_to: "q2" }));
  // Anybody can make up what nobody signed.
  mailbox.remember({ ...own("q3"), verified: false });
  mailbox.add(message({ id: "c", reply_to: "q3" }));
  const found = mailbox.page({ mention: true }).messages;
  assert.deepEqual(found.map(({ id }) => id), ["a"]);
});
