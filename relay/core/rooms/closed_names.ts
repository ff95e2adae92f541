import type { ClosedName } from "../../store/contract.ts";

/** How long a room that an operator closed is remembered: as long as its messages would have been. Milliseconds. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
/** Names remembered at most; past that the one closed first is forgotten. */
const MOST_NAMES = 10_000;

/** Names whose room an operator closed: a member that was away is told so, and does not make it again. */
export class ClosedNames {
  /** Name → until when, wall clock; the one closed first comes first. */
  readonly #until = new Map<string, number>();

  restore(closed: readonly ClosedName[]): void {
    const inOrder = [...closed].sort((a, b) => a.until - b.until);
    for (const { room, until } of inOrder) this.#until.set(room, until);
  }

  /** @returns until when it is remembered */
  add(name: string, wall: number): number {
    const until = wall + REMEMBERED_MS;
    this.#until.delete(name);
    this.#until.set(name, until);
    for (const oldest of this.#until.keys()) {
      if (this.#until.size <= MOST_NAMES) break;
      this.#until.delete(oldest);
    }
    return until;
  }

  /** A room of that name was opened again. */
  remove(name: string): void {
    this.#until.delete(name);
  }

  has(name: string, wall: number): boolean {
    const until = this.#until.get(name);
    return until !== undefined && wall < until;
  }
}
