import type { EffectQueue } from "../effects.ts";

const DIFFERS = "its view is not what the others have";

/**
 * What becomes of a view that is not what the others have: it is made anew, from the log or, where that no longer begins
 * at its beginning, from another relay's view. One that was made from the log by this very program, and differs before it
 * was of any use, is not tried again: the fault is no view's.
 */
export class ViewRenewal {
  readonly #effects: EffectQueue;
  #isNew = true;

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
    const reason = `${DIFFERS}; it is made anew`;
    this.#effects.add({ kind: "view_differs", reason });
    this.#effects.add({ kind: "renew_view" });
    return reason;
  }
}
