import type { FairTurns, Source } from "./fair_turns.ts";

/** Work that is known beforehand, piece by piece, in its payer's turns. */
class Job<Item, Result> implements Source {
  readonly payer: string;
  isQueued = false;
  readonly #items: readonly Item[];
  readonly #piece: (item: Item) => Result;
  readonly #done: PromiseWithResolvers<readonly Result[]>;
  readonly #results: Result[] = [];
  #hasFailed = false;

  constructor(
    payer: string,
    items: readonly Item[],
    piece: (item: Item) => Result,
  ) {
    this.payer = payer;
    this.#items = items;
    this.#piece = piece;
    this.#done = Promise.withResolvers();
    if (items.length === 0) this.#done.resolve([]);
  }

  get results(): Promise<readonly Result[]> {
    return this.#done.promise;
  }

  get mayWork(): boolean {
    return this.#results.length < this.#items.length && !this.#hasFailed;
  }

  work(): void {
    const item = this.#items[this.#results.length] as Item;
    try {
      this.#results.push(this.#piece(item));
    } catch (error) {
      this.#hasFailed = true;
      return this.#done.reject(error);
    }
    if (!this.mayWork) this.#done.resolve(this.#results);
  }
}

/**
 * Does something with each item, in order, in turns that are charged to the payer.
 *
 * @throws what `piece` throws.
 */
export function inTurns<Item, Result>(
  turns: FairTurns,
  payer: string,
  work: {
    readonly items: readonly Item[];
    readonly piece: (item: Item) => Result;
  },
): Promise<readonly Result[]> {
  const job = new Job(payer, work.items, work.piece);
  turns.add(job);
  return job.results;
}
