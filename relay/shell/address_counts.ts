import { BOUNDS } from "../core/settings.ts";

interface Count {
  open: number;
  pending: number;
}

/** Open connections, and those not logged in yet, in all and by address: bounds that no flag lifts. */
export class AddressCounts {
  readonly #counts = new Map<string, Count>();
  #open = 0;
  #pending = 0;

  /** Whether one more connection of this address is within the bounds. */
  mayOpen(address: string): boolean {
    const { open, pending } = this.#counts.get(address) ?? NONE;
    return this.#open < BOUNDS.connections &&
      this.#pending < BOUNDS.pendingLogins &&
      open < BOUNDS.connectionsPerAddress &&
      pending < BOUNDS.pendingLoginsPerAddress;
  }

  opened(address: string): void {
    const count = this.#counts.get(address) ?? { open: 0, pending: 0 };
    count.open++;
    count.pending++;
    this.#open++;
    this.#pending++;
    this.#counts.set(address, count);
  }

  loggedIn(address: string): void {
    const count = this.#counts.get(address);
    if (count === undefined) return;
    count.pending--;
    this.#pending--;
  }

  closed(address: string, hadLoggedIn: boolean): void {
    if (!hadLoggedIn) this.loggedIn(address);
    const count = this.#counts.get(address);
    if (count === undefined) return;
    count.open--;
    this.#open--;
    if (count.open === 0) this.#counts.delete(address);
  }

  get open(): number {
    return this.#open;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Addresses that hold a connection. */
  get size(): number {
    return this.#counts.size;
  }
}

const NONE: Count = { open: 0, pending: 0 };
