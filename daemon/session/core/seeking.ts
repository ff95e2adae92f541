/** From one look for a room that is no more to the next: twice as long each time, at most this; milliseconds. */
const FIRST_PAUSE_MS = 30_000;
const MOST_PAUSE_MS = 10 * 60_000;
/** Part of a pause by which it is longer or shorter, so that not all members ask in one moment. */
const JITTER = 0.25;
/** A member makes the room again after so many looks for each member whose key comes before its own. */
const LOOKS_A_RANK = 4;

/**
 * How a room that is no more is looked for, for as long as this agent wants to be in it. Who made it makes it again, or
 * who is the first of its members by key; where neither comes, the next by key does, a while later.
 */
export class Seeking {
  /** How many members' keys came before ours when they were last known; undefined where they never were. */
  #rank: number | undefined;
  /** Looks in vain since it was last there. */
  #looks = 0;

  constructor(rank: number | undefined) {
    this.#rank = rank;
  }

  get rank(): number | undefined {
    return this.#rank;
  }

  /** Whether it is this agent's turn to make it again. */
  get isOurTurn(): boolean {
    return this.#rank !== undefined &&
      this.#looks >= this.#rank * LOOKS_A_RANK;
  }

  /** Who is in it is known. @returns whether our rank is another one now */
  ranks(members: Iterable<string>, own: string): boolean {
    const before = this.#rank;
    let rank = 0;
    for (const id of members) if (id < own) rank++;
    this.#rank = rank;
    return rank !== before;
  }

  /** It is there. */
  found(): void {
    this.#looks = 0;
  }

  /** It was looked for in vain. @param random from 0 up to 1. @returns milliseconds until the next look */
  missed(random: number): number {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#looks, MOST_PAUSE_MS);
    this.#looks++;
    return Math.round(pause * (1 - JITTER + 2 * JITTER * random));
  }
}
