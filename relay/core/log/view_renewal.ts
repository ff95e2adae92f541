import type { EffectQueue } from "../effects.ts";

const DIFFERS = "its view is not what the others have";
const COPY =
  "stop this relay, and put a copy of another's view in place of its own (docs/operating-a-cluster.md)";

/**
 * What becomes of a view that is not what the others have: it is made anew from the log, where that still begins at its
 * beginning. One that was made from there by this very program, and differs before it was of any use, is not tried again:
 * the fault is no view's.
 */
export class ViewRenewal {
  readonly #effects: EffectQueue;
  #isNew = true;
  #isAsked = false;

  constructor(effects: EffectQueue) {
    this.#effects = effects;
  }

  /** @param position of the view that this run began with. */
  restore(position: number): void {
    this.#isNew = position === 0;
  }

  /** The view was equal to the log's end: what is wrong with it later came later. */
  begun(): void {
    this.#isNew = false;
  }

  /** The view differs. @returns why the relay does not serve */
  differs(): string {
    if (this.#isNew) {
      const reason =
        `${DIFFERS} after it was made anew from the log, too: run the same program at all relays, and report it`;
      this.#effects.add({ kind: "unfit", reason });
      return reason;
    }
    this.#isAsked = true;
    const reason = `${DIFFERS}; it is made anew from the log`;
    this.#effects.add({ kind: "view_differs", reason });
    this.#effects.add({ kind: "log", message: { type: "reach" } });
    return reason;
  }

  /** The log's worker was started anew: an answer that is waited for comes no more. */
  askAgain(): void {
    if (!this.#isAsked) return;
    this.#effects.add({ kind: "log", message: { type: "reach" } });
  }

  /** Where the log begins now. @returns why the relay does not serve until a person sees to it; null where it makes its view anew */
  reaches(first: number): string | null {
    if (!this.#isAsked) return null;
    this.#isAsked = false;
    if (first <= 1) {
      this.#effects.add({ kind: "renew_view" });
      return null;
    }
    const reason =
      `${DIFFERS}, and the log begins at ${first} by now, so that it can't be made anew from it: ${COPY}`;
    this.#effects.add({ kind: "unfit", reason });
    return reason;
  }
}
