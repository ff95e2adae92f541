/**
 * Which of a relay's addresses is dialled: at each dial the next one, round and round, in an order of this daemon's own,
 * so that those of a relay that is gone spread over all that are left. Who is connected dials nobody.
 */
export class RelayRound {
  readonly #urls: readonly string[];
  #at = -1;

  /**
   * @param urls at least one.
   * @param random in [0, 1), a new one at each call.
   */
  constructor(urls: readonly string[], random: () => number) {
    this.#urls = shuffled(urls, random);
  }

  /** The address that was dialled last, or will be first. */
  get current(): string {
    return this.#urls[Math.max(this.#at, 0)] ?? "";
  }

  /** The address to dial now. */
  next(): string {
    this.#at = (this.#at + 1) % this.#urls.length;
    return this.current;
  }
}

/** Every order equally likely (Fisher and Yates). */
function shuffled(
  urls: readonly string[],
  random: () => number,
): readonly string[] {
  const order = [...urls];
  for (let left = order.length - 1; left > 0; left--) {
    const at = Math.floor(random() * (left + 1));
    const [one, other] = [order[left], order[at]];
    if (one !== undefined && other !== undefined) {
      [order[left], order[at]] = [other, one];
    }
  }
  return order;
}
