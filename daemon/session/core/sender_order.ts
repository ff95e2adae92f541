/** Authors whose last time is remembered. */
const MOST = 5_000;
/** A relay takes no message older than a minute (protocol.md section 4): a live one that is older was kept back. */
const LIVE_MS = 120_000;

/** Tells messages that come out of their author's order, or long after they were signed, from live ones. */
export class SenderOrder {
  readonly #last = new Map<string, number>();

  /**
   * Whether a live message is out of time; notes it.
   *
   * @param now our wall clock less its skew against the relay
   */
  isLate(
    message: {
      readonly room: string;
      readonly from: string;
      readonly timestamp: number;
    },
    now: number,
  ): boolean {
    const { room, from, timestamp } = message;
    const key = `${room} ${from}`;
    const last = this.#last.get(key) ?? 0;
    this.#last.delete(key);
    this.#last.set(key, Math.max(last, timestamp));
    if (this.#last.size > MOST) {
      const oldest = this.#last.keys().next();
      if (!oldest.done) this.#last.delete(oldest.value);
    }
    return timestamp < last || now - timestamp > LIVE_MS;
  }
}
