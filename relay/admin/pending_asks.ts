import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";
import { parseAnswer } from "./parse_answer.ts";

/** How long the socket worker may take for an answer, in milliseconds: it may be starting anew. */
const ANSWER_MS = 10_000;

/** Questions that are under way to the socket worker, each answered once or failed in time. */
export class PendingAsks {
  readonly #clock: Clock;
  readonly #post: (id: number, ask: OperatorAsk) => void;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #last = 0;

  constructor(clock: Clock, post: (id: number, ask: OperatorAsk) => void) {
    this.#clock = clock;
    this.#post = post;
  }

  /** @throws Failure INTERNAL when no answer comes within 10 s, or none that can be read. */
  ask<K extends OperatorAsk["kind"]>(
    ask: Extract<OperatorAsk, { kind: K }>,
  ): Promise<OperatorAnswers[K]> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(ANSWER_MS, () => {
        this.#waiting.delete(id);
        reject(trouble("the relay's sockets did not answer within 10 s"));
      });
      this.#waiting.set(id, (told) => {
        timer.cancel();
        const answer = parseAnswer<K>(ask.kind, told);
        if (answer !== null) resolve(answer);
        else reject(trouble("the relay's sockets gave a strange answer"));
      });
      this.#post(id, ask);
    });
  }

  answered(id: number, answer: unknown): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}

function trouble(reason: string): Failure {
  return new Failure("INTERNAL", { fields: { reason } });
}
