/** Files on their way at once: in all, of one agent, and from one address. */
export const TRANSFERS = { all: 64, agent: 4, address: 24 } as const;

/** Whose file it is that is on its way. */
export interface Mover {
  readonly agent: string;
  /** The limits' key of its address. */
  readonly address: string;
}

/** Counts files on their way. */
export class BlobCounts {
  readonly #byKey = new Map<string, number>();
  #all = 0;

  /** Takes a place. @returns why there is none, in words; null where there is */
  enter({ agent, address }: Mover): string | null {
    const [ofAgent, ofAddress] = keysOf({ agent, address });
    if (this.#of(ofAgent) >= TRANSFERS.agent) {
      return `this agent moves ${TRANSFERS.agent} already`;
    }
    if (this.#of(ofAddress) >= TRANSFERS.address) {
      return `${TRANSFERS.address} are moved from this address already`;
    }
    if (this.#all >= TRANSFERS.all) return "too many are moved already";
    this.#count({ agent, address }, 1);
    return null;
  }

  /** Gives the place back, once. */
  leave(mover: Mover): void {
    this.#count(mover, -1);
  }

  #of(key: string): number {
    return this.#byKey.get(key) ?? 0;
  }

  #count(mover: Mover, change: number): void {
    this.#all += change;
    for (const key of keysOf(mover)) {
      const count = this.#of(key) + change;
      if (count > 0) this.#byKey.set(key, count);
      else this.#byKey.delete(key);
    }
  }
}

function keysOf({ agent, address }: Mover): [string, string] {
  return [`agent ${agent}`, `address ${address}`];
}
