/** Askers of one address that wait for their page; and pages in all that were made and are not taken yet. */
const MOST_WAITING = 8;
const MOST_UNTAKEN = 64;

/** A place in its address's line; it must be left. */
export interface Place {
  leave(): void;
}

/**
 * One page of an address at a time, from its reading to its last byte: however many connections it has and however
 * slowly it takes them, they hold one page.
 */
export class PageLines {
  readonly #lines = new Map<string, (() => void)[]>();

  /** @returns a place once it is this asker's turn; null when too many wait already. */
  enter(address: string): Promise<Place> | null {
    const place = { leave: once(() => this.#left(address)) };
    const line = this.#lines.get(address);
    if (line === undefined) {
      if (this.#lines.size >= MOST_UNTAKEN) return null;
      this.#lines.set(address, []);
      return Promise.resolve(place);
    }
    if (line.length >= MOST_WAITING) return null;
    return new Promise((resolve) => line.push(() => resolve(place)));
  }

  #left(address: string): void {
    const next = this.#lines.get(address)?.shift();
    if (next === undefined) this.#lines.delete(address);
    else next();
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
