/** Own messages whose numbers lie ahead of what was had. */
const MOST = 1_000;

/** Numbers that the relay gave to own messages, which it does not deliver to us, ahead of what was had. */
export class OwnNumbers {
  readonly #ahead = new Set<number>();
  #newest = 0;

  /** The last one that was told; they grow. */
  get newest(): number {
    return this.#newest;
  }

  /** How many numbers lie between the last one had and the lowest of them; 0 where there is none, or none was had. */
  missingAfter(lastSeq: number): number {
    const lowest = Math.min(...this.#ahead);
    return lastSeq > 0 && lowest < Infinity ? lowest - lastSeq - 1 : 0;
  }

  add(seq: number): void {
    this.#newest = seq;
    if (this.#ahead.size < MOST) this.#ahead.add(seq);
  }

  /** The last number up from this one, with no hole, once what is up to this one was had. */
  upFrom(seq: number): number {
    let last = seq;
    for (const ahead of this.#ahead) {
      if (ahead <= seq) this.#ahead.delete(ahead);
    }
    while (this.#ahead.delete(last + 1)) last++;
    return last;
  }
}
