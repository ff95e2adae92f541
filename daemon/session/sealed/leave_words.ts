import { defined } from "../../../lib/defined.ts";
import type { LeaveWord, MemberWords } from "../../mailbox/leave_log.ts";

/**
 * What members of a room said of leaving and of coming back: whatever comes first, and however often, his later word
 * counts, by the time inside of what he signed.
 */
export class LeaveWords {
  readonly #left = new Map<string, LeaveWord>();
  /** When each one asked to be let in last. */
  readonly #back = new Map<string, number>();

  /** @param kept what was {@link of} each member before */
  constructor(kept: readonly MemberWords[] = []) {
    for (const { member, left, back } of kept) {
      if (left !== undefined) this.leaves(member, left);
      if (back !== undefined) this.stays(member, back);
    }
  }

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

  /** What is to be kept of a member's. */
  of(member: string): MemberWords {
    const left = this.#left.get(member);
    const back = this.#back.get(member);
    return { member, ...defined({ left, back }) };
  }

  /** Of who is no member any more all is forgotten. @returns of whom something was */
  keepOnly(members: readonly string[]): string[] {
    const kept = new Set(members);
    const ids = new Set([...this.#left.keys(), ...this.#back.keys()]);
    const gone = [...ids].filter((id) => !kept.has(id));
    for (const id of gone) {
      this.#left.delete(id);
      this.#back.delete(id);
    }
    return gone;
  }
}
