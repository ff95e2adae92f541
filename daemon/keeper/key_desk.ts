import type { Clock } from "../../lib/clock.ts";
import { Failure, type FailureJson } from "../../lib/errors.ts";
import type { KeyAnswers, KeyAsk } from "../../lib/sealed/key_questions.ts";
import { type Rate, RateLimit } from "./rate_limit.ts";
import type { Keyring, KeyringOptions } from "./room_keys/keyring.ts";

export type KeysAnswered =
  | { readonly ok: true; readonly answer: KeyAnswers[KeyAsk] }
  | { readonly ok: false; readonly failure: FailureJson };

/** More than a daemon needs that opens messages as fast as a relay gives them. */
const RATE: Rate = { burst: 2_000, perSecond: 200 };
/** More than a daemon makes by itself: a way of epochs that were signed at a moment, and kept back, is no long one. */
const EPOCHS: Rate = { burst: 60, perSecond: 0.25 };
/** What a key sealed to one more member costs, in questions: a millisecond of this thread. */
const MEMBER_COST = 1;

/**
 * Where the session worker asks for what only the keys of private rooms can do. The code for it, and the keys, are
 * loaded with the first question: a daemon without a private room has neither.
 */
export class KeyDesk {
  readonly #options: KeyringOptions;
  readonly #rate: RateLimit;
  readonly #epochs: RateLimit;
  #keyring: Promise<Keyring> | undefined;

  constructor(
    options: KeyringOptions,
    clock: Pick<Clock, "monotonic">,
  ) {
    this.#options = options;
    this.#rate = new RateLimit(RATE, clock);
    this.#epochs = new RateLimit(EPOCHS, clock);
  }

  /** Never rejects. @param question whatever the worker sent */
  async answer(question: unknown): Promise<KeysAnswered> {
    try {
      return { ok: true, answer: await this.#answer(question) };
    } catch (error) {
      return { ok: false, failure: Failure.from(error).toJson() };
    }
  }

  async #answer(words: unknown): Promise<KeyAnswers[KeyAsk]> {
    const { parseKeyQuestion } = await import(
      "./room_keys/parse_key_question.ts"
    );
    const question = parseKeyQuestion(words);
    if (question === null) throw refused("this is no question to the keys");
    const cost = question.ask === "new_epoch"
      ? question.ids.length * MEMBER_COST
      : 1;
    const isInTurn = question.ask !== "sign_epoch" || this.#epochs.take();
    if (!isInTurn || !this.#rate.take(cost)) {
      throw refused("there are too many at once");
    }
    return await (await this.#opened()).answer(question);
  }

  /** A file that could not be read is tried again at the next question. */
  async #opened(): Promise<Keyring> {
    this.#keyring ??= this.#open();
    try {
      return await this.#keyring;
    } catch (error) {
      this.#keyring = undefined;
      throw error;
    }
  }

  async #open(): Promise<Keyring> {
    const { Keyring } = await import("./room_keys/keyring.ts");
    return await Keyring.open(this.#options);
  }
}

function refused(reason: string): Failure {
  return new Failure("INTERNAL", { fields: { reason } });
}
