import type { Now } from "../events.ts";
import type { NodeState } from "./nodes.ts";

/** A relay of the same name that was heard so lately may still be there; milliseconds. */
const FREE_MS = 2_500;

/**
 * Whether another relay goes by this one's name. One that ended a moment ago looks like one that is still there: its name
 * is watched for a while, and only one that lives goes on to submit.
 */
export class NameWatch {
  /** Monotonic; null while nothing is watched. */
  #until: number | null = null;
  #heard = 0;

  /** @param earlier what the log says of the name. @returns whether it is free at once; else it is watched from now on */
  isFree(earlier: NodeState | undefined, now: Now): boolean {
    const isFree = earlier === undefined || earlier.isGone ||
      now.wall - earlier.lastAt >= FREE_MS;
    if (!isFree) this.#until = now.mono + FREE_MS;
    return isFree;
  }

  get isWatching(): boolean {
    return this.#until !== null;
  }

  /** A batch of the name counts. @returns whether the name is in use: one that was killed had at most one on its way */
  heard(): boolean {
    return this.#until !== null && ++this.#heard > 1;
  }

  /** @returns whether the name turns out to be free just now */
  tick({ mono }: Now): boolean {
    if (this.#until === null || mono < this.#until) return false;
    this.#until = null;
    return true;
  }
}
