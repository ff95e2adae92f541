import type {
  Gap,
  MessagesPage,
  SealedWaiting,
} from "../../lib/local_api/types/mailbox.ts";
import { lossNotes } from "../../lib/rendering/page_notes.ts";

/** What is to be said of losses beside a stream of messages, whose pages tell of the same one until it was read past. */
export class ToldLosses {
  #gaps: ReadonlySet<string> = new Set();
  #dropped = 0;
  #sealed: ReadonlySet<string> = new Set();

  /** Lines for what no earlier page told. */
  news({ gaps, dropped, sealed = [] }: MessagesPage): string[] {
    const fresh = gaps.filter((gap) => !this.#gaps.has(keyOf(gap)));
    // Fewer: those before were read past, and these have fallen out since.
    const isMore = dropped !== this.#dropped;
    this.#gaps = new Set(gaps.map(keyOf));
    this.#dropped = dropped;
    const waiting = sealed.filter((one) => !this.#sealed.has(placeOf(one)));
    this.#sealed = new Set(sealed.map(placeOf));
    return lossNotes({
      ...{ gaps: fresh, dropped: isMore ? dropped : 0, sealed: waiting },
    });
  }
}

function placeOf({ room, upto }: SealedWaiting): string {
  return `${room} ${upto}`;
}

function keyOf({ room, after, before, count, removed }: Gap): string {
  return `${room} ${after} ${before} ${count} ${removed}`;
}
