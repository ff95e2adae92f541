import assert from "node:assert/strict";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

Deno.test("Mailbox.search: all words, any case, the newest, oldest first", () => {
  const { mailbox } = memoryMailbox();
  for (
    const [i, text] of ["Red tea", "tea, RED", "red", "50% tea red_"].entries()
  ) {
    mailbox.add(message({ id: `${i}`, text }));
  }
  const found = mailbox.search({ words: "tea RED", limit: 2 });
  assert.deepEqual(found.messages.map(({ id }) => id), ["1", "3"]);
  assert.equal(found.remaining, 1);
  assert.equal(mailbox.search({ words: "%", limit: 9 }).messages.length, 1);
});

Deno.test("Mailbox.search: nothing of a word is an operator, accents and the ends of words don't matter", () => {
  const { mailbox } = memoryMailbox();
  const texts = ['say "NOT" to tea*', "Wörter und 日本語です", "ab"];
  for (const [i, text] of texts.entries()) {
    mailbox.add(message({ id: `${i}`, text, room: i === 2 ? "den" : "tea" }));
  }
  const ids = (words: string, room?: string) =>
    mailbox.search({ words, limit: 9, ...(room ? { room } : {}) })
      .messages.map(({ id }) => id);
  assert.deepEqual(ids('"NOT"'), ["0"]);
  assert.deepEqual(ids("tea*"), ["0"]);
  assert.deepEqual(ids("tea OR ab"), []);
  assert.deepEqual(ids("ORTE"), ["1"]);
  assert.deepEqual(ids("日本語"), ["1"]);
  assert.deepEqual(ids("語 ö"), ["1"]);
  assert.deepEqual(ids("B"), ["2"]);
  assert.deepEqual(ids("ab", "tea"), []);
});

Deno.test("Mailbox.search: what fell out of the mailbox is not found", () => {
  const { mailbox } = memoryMailbox({ buffer: 1 });
  mailbox.add(message({ id: "1", text: "old words" }));
  mailbox.add(message({ id: "2", text: "new words" }));
  const { messages } = mailbox.search({ words: "words", limit: 9 });
  assert.deepEqual(messages.map(({ id }) => id), ["2"]);
});
