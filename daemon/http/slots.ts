import { Failure } from "../../lib/errors.ts";

/** How many requests may wait at a time: long polls and event streams together. */
export class Slots {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes a slot; the returned function gives it back, once.
   *
   * @throws {Failure} TOO_MANY_WAITING.
   */
  take(): () => void {
    if (this.#taken >= this.#most) {
      throw new Failure("TOO_MANY_WAITING", { fields: { count: this.#most } });
    }
    this.#taken++;
    let isHeld = true;
    return () => {
      if (isHeld) this.#taken--;
      isHeld = false;
    };
  }
}
