import assert from "node:assert/strict";
import fc from "fast-check";
import {
  Publisher,
  type PublishReply,
} from "../../../relay/cluster/publisher.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

type Hears = (error: Error | null, message: PublishReply) => void;

/** A publisher whose server answers when a test says so. */
function publishing() {
  const clock = new FakeClock();
  const said: string[] = [];
  const replies: string[] = [];
  let hears: Hears = () => {};
  const trouble: { reason: string | null } = { reason: null };
  const publisher = new Publisher({
    connection: {
      publish: (subject, _bytes, { reply }) => {
        assert.equal(subject, "log");
        if (trouble.reason !== null) throw new Error(trouble.reason);
        replies.push(reply);
      },
      subscribe: (subject, { callback }) => {
        assert.equal(subject, "inbox.*");
        hears = callback;
      },
    },
    ...{ subject: "log", inbox: "inbox", clock },
    stored: () => said.push("stored"),
    notStored: (reason) => said.push(reason),
  });
  const answer = (which: number, data: string | Uint8Array, code = 0) =>
    hears(null, {
      subject: replies[which] ?? "inbox.0",
      data: typeof data === "string" ? new TextEncoder().encode(data) : data,
      ...(code === 0 ? {} : { headers: { code } }),
    });
  return { clock, said, publisher, answer, trouble };
}

const STORED = '{"stream":"AN","seq":7}';

Deno.test("Publisher: each batch is said to be stored, or not and why, by its own answer, once", () => {
  const { said, publisher, answer } = publishing();
  for (const text of ["one", "two", "three"]) publisher.publish(text);
  answer(2, STORED);
  answer(0, '{"error":{"code":503,"description":"no space left"}}');
  answer(1, "", 503);
  for (const which of [0, 1, 2, 3]) answer(which, STORED);
  assert.deepEqual(said, [
    "stored",
    "no space left",
    "no server leads the log now",
  ]);
});

Deno.test("Publisher: what is not answered within two seconds is not stored, each in its time; an answer after that is not heard", async () => {
  const { clock, said, publisher, answer } = publishing();
  publisher.publish("one");
  await clock.advance(1_500);
  publisher.publish("two");
  publisher.publish("three");
  answer(2, STORED);
  await clock.advance(499);
  assert.deepEqual(said, ["stored"]);
  await clock.advance(1);
  assert.deepEqual(said, ["stored", "the servers did not answer"]);
  await clock.advance(1_499);
  assert.equal(said.length, 2);
  await clock.advance(1);
  assert.equal(said.length, 3);
  answer(0, STORED);
  await clock.advance(60_000);
  assert.equal(said.length, 3);
  publisher.publish("four");
  await clock.advance(2_000);
  assert.equal(said.length, 4);
});

Deno.test("Publisher: what the client does not take, as where it is larger than a server's max_payload, is not stored, and is not waited for", async () => {
  const { clock, said, publisher, answer, trouble } = publishing();
  trouble.reason = "max_payload size exceeded";
  publisher.publish("one");
  assert.deepEqual(said, ["max_payload size exceeded"]);
  assert.equal(clock.pending, 0);
  trouble.reason = null;
  publisher.publish("two");
  answer(0, STORED);
  await clock.advance(60_000);
  assert.deepEqual(said, ["max_payload size exceeded", "stored"]);
});

Deno.test("Publisher: any other answer is one that nothing was stored by", () => {
  fc.assert(fc.property(
    fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.constantFrom('{"seq":"7"}', '{"seq":7,"error":{}}', "null", "[7]")
        .map((text) => new TextEncoder().encode(text)),
    ),
    (data) => {
      const { said, publisher, answer } = publishing();
      publisher.publish("one");
      answer(0, data);
      assert.deepEqual(said, ["the servers answered otherwise"]);
    },
  ));
});
