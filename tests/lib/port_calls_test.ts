import assert from "node:assert/strict";
import { type CallPort, PortCalls } from "../../lib/port_calls.ts";

interface Question {
  readonly call: number;
  readonly wants: string;
}
interface Answer {
  readonly call: number;
  readonly says: string;
}

/** A port whose other end answers when the test says so. */
function held() {
  const asked: Question[] = [];
  const port: CallPort & { isClosed: boolean } = {
    isClosed: false,
    onmessage: null,
    close() {
      port.isClosed = true;
    },
    postMessage: (question) => void asked.push(question as Question),
  };
  const answer = (data: Answer) =>
    port.onmessage?.(new MessageEvent("message", { data }));
  return { asked, port, answer };
}

Deno.test("PortCalls: each answer is of its question, whatever their order; one to nothing is nobody's", async () => {
  const calls = new PortCalls<Question, Answer>();
  const { asked, port, answer } = held();
  calls.connect(port, "anew");
  const answers = ["a", "b"].map((wants) => calls.ask({ wants }));
  const numbers = asked.map(({ call }) => call);
  answer({ call: 99, says: "nothing" });
  for (const [i, call] of [...numbers.entries()].reverse()) {
    answer({ call, says: `${i}` });
    answer({ call, says: "once more" });
  }
  const says = (await Promise.all(answers)).map(({ says }) => says);
  assert.deepEqual(says, ["0", "1"]);
});

Deno.test("PortCalls: what has no answer fails with the reason when another port comes or none is left; before one all fails", async () => {
  const calls = new PortCalls<Question, Answer>();
  await assert.rejects(calls.ask({ wants: "a" }), /no connection/);
  const [first, second] = [held(), held()];
  calls.connect(first.port, "anew");
  const lost = calls.ask({ wants: "a" });
  calls.connect(second.port, "it began anew");
  await assert.rejects(lost, /it began anew/);
  assert.deepEqual([first.port.isClosed, second.port.isClosed], [true, false]);
  const left = calls.ask({ wants: "b" });
  calls.leave("it ended");
  await assert.rejects(left, /it ended/);
  assert.equal(second.port.isClosed, true);
});
