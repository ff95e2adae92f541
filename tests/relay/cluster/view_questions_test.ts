import assert from "node:assert/strict";
import { ViewQuestions } from "../../../relay/cluster/view_questions.ts";
import {
  type ViewFrame,
  writeViewWords,
} from "../../../relay/cluster/view_frames.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeBus, turned } from "../../fakes/view_bed.ts";

const SUBJECT = "an.view.at.token";
const MAKING = { type: "making" } as const;
const QUESTION = {
  subject: SUBJECT,
  frame: { type: "open", asker: "token00000000" },
  fits: ({ frame }: { readonly frame: ViewFrame }) => frame.type === "making",
} as const;

/** Somebody who asks, and another who hears it and answers each question by its number, from 1 on. */
function bed(answers: (asked: number) => readonly ViewFrame[]) {
  const clock = new FakeClock();
  const bus = new FakeBus(clock);
  let tokens = 0;
  const token = () => `token${String(++tokens).padStart(8, "0")}`;
  const replies: string[] = [];
  const silence = bus.hear(SUBJECT, (_, reply) => {
    replies.push(reply);
    for (const frame of answers(replies.length)) {
      bus.say(reply, writeViewWords(frame));
    }
  });
  const questions = new ViewQuestions({ bus, token, clock });
  /** Nobody hears, and no timer runs, on behalf of what was asked. */
  const left = () => {
    silence();
    return [bus.subjects, clock.pending];
  };
  return { clock, bus, questions, replies, left };
}

Deno.test("ViewQuestions.ask: the first answer that fits, and nothing of it is left", async () => {
  const { clock, questions, replies, left } = bed(() => [
    { type: "busy", node: "a" },
    MAKING,
  ]);
  const { frame } = await turned(clock, questions.ask(QUESTION));
  assert.deepEqual([frame.type, replies.length], ["making", 1]);
  assert.deepEqual(left(), [0, 0]);
});

Deno.test("ViewQuestions.ask: it is asked five times, 1.5 s each, at one address, before it is given up", async () => {
  const { clock, questions, replies, left } = bed(() => []);
  const began = clock.monotonic();
  const asked = assert.rejects(questions.ask(QUESTION), /does not answer/);
  await clock.advance(1_499);
  assert.equal(replies.length, 1);
  await clock.advance(2);
  assert.equal(replies.length, 2);
  await turned(clock, asked);
  const tookMs = clock.monotonic() - began;
  assert.ok(tookMs >= 7_500 && tookMs < 7_600, `${tookMs}`);
  assert.deepEqual([replies.length, new Set(replies).size], [5, 1]);
  assert.deepEqual(left(), [0, 0]);
});

Deno.test("ViewQuestions.ask: the answer to the first try counts in the second, and so does one to the last try alone", async () => {
  const late = bed((asked) => asked === 1 ? [MAKING] : []);
  late.bus.fate = ({ type }) => [type === "making" ? 2_000 : 0];
  await turned(late.clock, late.questions.ask(QUESTION));
  assert.equal(late.replies.length, 2);
  const last = bed((asked) => asked === 5 ? [MAKING] : []);
  await turned(last.clock, last.questions.ask(QUESTION));
  assert.equal(last.replies.length, 5);
});

Deno.test("ViewQuestions.ask: two at once have an address each, and whoever can't answer says why", async () => {
  const { clock, questions, replies, left } = bed((asked) =>
    asked === 1 ? [] : [{ type: "failed", reason: "there is no such copy" }]
  );
  const asked = [1, 2].map(() =>
    assert.rejects(questions.ask(QUESTION), /^Error: there is no such copy$/)
  );
  await turned(clock, Promise.all(asked));
  // The first is asked once more: what the second was told is not for it.
  assert.deepEqual([replies.length, new Set(replies).size], [3, 2]);
  assert.deepEqual(left(), [0, 0]);
});

Deno.test("ViewQuestions.stop: what is under way ends at its next try, and nothing is asked any more", async () => {
  const { clock, questions, replies, left } = bed(() => []);
  const under = assert.rejects(questions.ask(QUESTION), /does not answer/);
  await clock.advance(100);
  questions.stop();
  await clock.advance(1_400);
  await under;
  await assert.rejects(questions.ask(QUESTION), /does not answer/);
  assert.equal(replies.length, 1);
  assert.deepEqual(left(), [0, 0]);
});
