import type { Now } from "../events.ts";
import type { Applier } from "./applier.ts";
import { type Difference, refusalToBegin, verdict } from "./verdict.ts";

/** What was said longer ago, nobody may stand by any more; milliseconds. Who lives says something each second. */
const STANDS_MS = 5_000;

/** What was heard of the others, and by when. */
type Heard = Pick<Applier, "nodes" | "checkpoints" | "time">;

/**
 * How this relay stands to the others. It goes by what those say that are there now: what the log says of earlier times may
 * have been said by relays that were told otherwise then, or by a view that was wrong and is no more.
 */
export class Standing {
  readonly #own: { readonly node: string; readonly settings: string };
  readonly #applier: Heard;
  /** The log's time at its end, when this relay had caught up; null before that. */
  #endAt: number | null = null;
  /** Until when those are waited for that said otherwise just before that; monotonic. Null while nobody is. */
  #until: number | null = null;

  constructor(
    own: { readonly node: string; readonly settings: string },
    applier: Heard,
  ) {
    this.#own = own;
    this.#applier = applier;
  }

  /** Whether others have to be heard once more before this relay may begin. */
  get isInDoubt(): boolean {
    return this.#until !== null;
  }

  /** The log's end is reached. @returns why this relay may not begin; null where it may, or is in doubt */
  reached(now: Now): string | null {
    const { nodes, time } = this.#applier;
    this.#endAt = time.wall;
    const since = now.wall - STANDS_MS;
    if (this.#differs(since) !== null) this.#until = now.mono + STANDS_MS;
    return refusalToBegin(this.#own, nodes, since);
  }

  /** In what it differs from those that were heard since it had caught up. */
  judge(): Difference | null {
    if (this.#endAt === null) return null;
    const { time } = this.#applier;
    return this.#differs(Math.max(this.#endAt, time.wall - STANDS_MS));
  }

  /** @returns whether doubts are over just now: those who said otherwise are silent, or say otherwise no more */
  tick({ mono }: Now): boolean {
    if (this.#until === null || mono < this.#until) return false;
    this.#until = null;
    return true;
  }

  #differs(since: number): Difference | null {
    const { nodes, checkpoints } = this.#applier;
    return verdict(this.#own, { nodes, checkpoints }, since);
  }
}
