import type { Now } from "../events.ts";
import type { NodeState } from "./nodes.ts";

/** A relay of the same name that was heard so lately may still be there; milliseconds. */
const FREE_MS = 2_500;

/**
 * Whether another relay goes by this one's name. One that ended a moment ago looks like one that is still there: its name
 * is watched until nothing was heard of it for a while, and only one that lives goes on to submit.
 */
export class NameWatch {
  /** Monotonic; null while nothing is watched. */
  #until: number | null = null;
  #heard = 0;

  /** @param earlier what the log says of the name. @returns whether it is free at once; else it is watched from now on */
  isFree(earlier: NodeState | undefined, now: Now): boolean {
    if (earlier === undefined || earlier.isGone) return true;
    const silent = Math.max(0, now.wall - earlier.lastAt);
    if (silent >= FREE_MS) return true;
    this.#until = now.mono + FREE_MS - silent;
    return false;
  }

  get isWatching(): boolean {
    return this.#until !== null;
  }

  /** A batch of the name counts. @returns whether the name is in use: one that was killed had at most one on its way */
  heard({ mono }: Now): boolean {
    if (this.#until === null) return false;
    this.#until = mono + FREE_MS;
    return ++this.#heard > 1;
  }

  /** @returns whether the name turns out to be free just now */
  tick({ mono }: Now): boolean {
    if (this.#until === null || mono < this.#until) return false;
    this.#until = null;
    return true;
  }
}
