/** Own messages whose numbers lie ahead of what was had. */
const MOST = 1_000;

/** Numbers that the relay gave to own messages, which it does not deliver to us, ahead of what was had. */
export class OwnNumbers {
  readonly #ahead = new Set<number>();

  /** The lowest of them; Infinity where there is none. */
  get lowest(): number {
    return Math.min(...this.#ahead);
  }

  add(seq: number): void {
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
