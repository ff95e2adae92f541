import assert from "node:assert/strict";
import fc from "fast-check";
import { shortIdOf, tellingStart } from "../../../daemon/mailbox/short_ids.ts";
import { onlyShort } from "../../../daemon/mailbox/message_finder.ts";
import { Failure } from "../../../lib/errors.ts";
import { parseShortId } from "../../../lib/protocol/message_id.ts";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

Deno.test("shortIdOf: of author and id alone, as docs/protocol.md section 12 gives it", () => {
  const key = {
    from: "8NYU1dXeQzKcR6v3mWbT7sPjA2fHgD5kLtEoNiYxCuVq",
    id: "m1",
  };
  assert.equal(shortIdOf(key), "r44fre3y59fy65xw");
  assert.notEqual(shortIdOf(key), shortIdOf({ ...key, id: "m2" }));
  assert.notEqual(shortIdOf(key), shortIdOf({ ...key, from: "other" }));
});

Deno.test("shortIdOf: never a number, and read back in any case", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (from, id) => {
    const short = shortIdOf({ from, id });
    assert.match(short, /^[a-z][a-z2-9]{15}$/);
    assert.equal(
      parseShortId(short.slice(0, 6).toUpperCase()),
      short.slice(0, 6),
    );
  }));
});

Deno.test("parseShortId: fewer than six characters, a number, an id of another form are none", () => {
  const none = ["k7q2x", "123456", "7kq2xm", "k7q2xl", "k7q2x0", "k7q2xm-1"];
  for (const word of [...none, "a".repeat(17), ""]) {
    assert.equal(parseShortId(word), null, word);
  }
});

Deno.test("tellingStart: six characters, or one more than it shares with another", () => {
  const whole = "abcdefghijkmnpqr";
  assert.equal(tellingStart(whole, [undefined, whole, "bbcdefgh"]), "abcdef");
  assert.equal(
    tellingStart(whole, ["abcdefgzzzzzzzzz", "abczzzzzzzzzzzzz"]),
    "abcdefgh",
  );
});

/** Two ids of one author whose short ids share so many characters; found by trying. */
function alike(from: string, length: number): [string, string] {
  const seen = new Map<string, string>();
  for (let i = 0;; i++) {
    const id = `m${i}`;
    const start = shortIdOf({ from, id }).slice(0, length);
    const other = seen.get(start);
    if (other !== undefined) return [other, id];
    seen.set(start, id);
  }
}

Deno.test("MessageFinder.byShort: two messages whose short ids start alike are both named, and told apart by more", () => {
  const { mailbox } = memoryMailbox();
  const { finder } = mailbox;
  const from = "A".repeat(44);
  // Six characters of two clash once in 2^14.8 messages.
  const [one, two] = alike(from, 6);
  mailbox.add(message({ id: one, from, text: "one" }));
  const whole = shortIdOf({ from, id: one });
  assert.equal(finder.byShort(whole.slice(0, 6))?.text, "one");
  assert.equal(finder.shortIds.shown(whole), whole.slice(0, 6));
  mailbox.add(message({ id: two, from, text: "two" }));
  const shown = [one, two].map((id) =>
    finder.shortIds.shown(shortIdOf({ from, id }))
  );
  assert.ok(shown.every(({ length }) => length > 6), `${shown}`);
  assert.deepEqual(
    shown.map((short) => finder.byShort(short)?.text),
    ["one", "two"],
  );
  assert.throws(
    () => finder.byShort(whole.slice(0, 6)),
    (error) =>
      error instanceof Failure && error.code === "SHORT_ID_AMBIGUOUS" &&
      error.exitCode === 2 &&
      shown.every((short) => error.message.includes(short)),
  );
});

Deno.test("MessageFinder.byShort: a message that falls out takes its short id with it; its author's start tells", () => {
  const { mailbox } = memoryMailbox({ buffer: 1 });
  const from = "A".repeat(44);
  mailbox.add(message({ id: "x", from }));
  const short = shortIdOf({ from, id: "x" });
  assert.equal(mailbox.finder.byShort(short, { from: "AAAA" })?.id, "x");
  assert.equal(mailbox.finder.byShort(short, { from: "B" }), undefined);
  mailbox.add(message({ id: "y", from }));
  assert.equal(mailbox.finder.byShort(short), undefined);
});

Deno.test("onlyShort: of one message that came twice, the verified one", () => {
  const twice = [false, true].map((verified) => ({
    ...{ short_id: "abcdefg", id: "m1", from: "A", verified },
  }));
  assert.equal(onlyShort("abcdef", twice)?.verified, true);
  assert.equal(onlyShort("abcdef", []), undefined);
  const other = { short_id: "abcdefg", id: "m2", from: "A", verified: true };
  assert.throws(
    () => onlyShort("abcdef", [...twice, other]),
    (error) => error instanceof Failure && error.code === "SHORT_ID_AMBIGUOUS",
  );
});
