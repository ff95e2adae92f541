/** That a member leaves. */
export interface LeaveWord {
  /** When he said it, by his own clock; milliseconds since 1970. */
  readonly at: number;
  /** The start of the hash of the epoch that he named, hex. */
  readonly epoch: string;
}

/**
 * What members of a room said of leaving and of coming back: whatever comes first, and however often, his later word
 * counts, by the time inside of what he signed.
 */
export class LeaveWords {
  readonly #left = new Map<string, LeaveWord>();
  /** When each one asked to be let in last. */
  readonly #back = new Map<string, number>();

  leaves(id: string, word: LeaveWord): void {
    const { at } = this.#left.get(id) ?? { at: -Infinity };
    if (word.at > at) this.#left.set(id, word);
  }

  /** He asked to be let in. @param at by his own clock; milliseconds since 1970 */
  stays(id: string, at: number): void {
    this.#back.set(id, Math.max(at, this.#back.get(id) ?? at));
  }

  /** By which word he is on his way out; undefined where he is not, or came back since. */
  leaving(id: string): LeaveWord | undefined {
    const word = this.#left.get(id);
    const back = this.#back.get(id) ?? -Infinity;
    return word !== undefined && word.at > back ? word : undefined;
  }

  /** Of who is no member any more all is forgotten. */
  keepOnly(members: readonly string[]): void {
    const kept = new Set(members);
    for (const words of [this.#left, this.#back]) {
      for (const id of words.keys()) if (!kept.has(id)) words.delete(id);
    }
  }
}
