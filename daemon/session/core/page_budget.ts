/** Pages of history in a row: 60,000 messages. */
const BURST = 300;
/** Pages a second after that; a page of 200 messages takes about 30 ms of a core. */
const PER_SECOND = 5;
/** After a pause it goes on with so many, so that there are few pauses. */
const WORTH_A_TURN = 25;

/** How many pages of history may be read, over all rooms: a relay can say without end that there is more. */
export class PageBudget {
  #left = BURST;
  #at = 0;

  /** A page is read. @param now monotonic milliseconds, as below */
  spend(now: number): void {
    this.#refill(now);
    this.#left--;
  }

  /** How long to wait before the next page, in milliseconds; 0 when it may be read now. */
  waitMs(now: number): number {
    this.#refill(now);
    if (this.#left >= 1) return 0;
    return Math.ceil((WORTH_A_TURN - this.#left) / PER_SECOND * 1000);
  }

  #refill(now: number): void {
    const gained = Math.max(0, now - this.#at) / 1000 * PER_SECOND;
    this.#left = Math.min(BURST, this.#left + gained);
    this.#at = now;
  }
}
