import type { Clock } from "../../lib/clock.ts";
import type { ViewBus } from "./view_bus.ts";
import {
  parseViewWords,
  VIEW_SUBJECTS,
  type ViewFrame,
  type ViewWords,
  writeViewWords,
} from "./view_frames.ts";

export interface ViewQuestionsOptions {
  readonly bus: ViewBus;
  /** A new token each time: 8 to 64 letters and digits. */
  readonly token: () => string;
  readonly clock: Clock;
}

/** One question to the relay that gives its view. */
export interface ViewQuestion {
  /** Where it is asked. */
  readonly subject: string;
  readonly frame: ViewFrame;
  /** What answers it, besides that it can't be. */
  readonly fits: (words: ViewWords) => boolean;
}

/** How long an answer is waited for, in milliseconds, and how often in a row. */
const ANSWERED_WITHIN_MS = 1_500;
const TRIES = 5;

/** Questions over a bus that may lose them or their answers: each is asked again until it is answered. */
export class ViewQuestions {
  readonly #options: ViewQuestionsOptions;
  #isStopped = false;

  constructor(options: ViewQuestionsOptions) {
    this.#options = options;
  }

  /** Nothing is asked again from now on. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Asks until it is answered by what fits. @throws Error where it is not, or the other can't. */
  async ask({ subject, frame, fits }: ViewQuestion): Promise<ViewWords> {
    const { bus, token } = this.#options;
    // One for all tries: an answer to the first that comes during the second is one.
    const to = VIEW_SUBJECTS.to(token());
    const answer = Promise.withResolvers<ViewWords>();
    const silence = bus.hear(to, (bytes) => {
      const words = parseViewWords(bytes);
      if (words === null) return;
      if (words.frame.type === "failed" || fits(words)) answer.resolve(words);
    });
    try {
      for (let tried = 0; tried < TRIES && !this.#isStopped; tried++) {
        bus.say(subject, writeViewWords(frame), to);
        const words = await this.#within(answer.promise);
        if (words?.frame.type === "failed") throw new Error(words.frame.reason);
        if (words !== null) return words;
      }
    } finally {
      silence();
    }
    throw new Error("it does not answer any more");
  }

  /** @returns null where it takes longer than an answer should */
  #within(answer: Promise<ViewWords>): Promise<ViewWords | null> {
    const late = Promise.withResolvers<null>();
    const timer = this.#options.clock.after(
      ANSWERED_WITHIN_MS,
      () => late.resolve(null),
    );
    return Promise.race([answer, late.promise]).finally(() => timer.cancel());
  }
}
