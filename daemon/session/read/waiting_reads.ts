import { type Clock, pause } from "../../../lib/clock.ts";
import type {
  MessagesPage,
  MessagesQuery,
} from "../../../lib/local_api/types/mailbox.ts";
import type { MessageWaiters } from "./message_waiters.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { SealedFrames } from "../../mailbox/sealed_frames.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { ShownMessages } from "./shown_messages.ts";
import { Wakes } from "../core/wakes.ts";

export interface WaitingReadsOptions {
  readonly clock: Clock;
  readonly waiters: MessageWaiters;
  readonly mailbox: Pick<Mailbox, "page">;
  readonly sealedFrames: Pick<SealedFrames, "untold">;
  readonly sealed: Pick<SealedRooms, "isRemoved">;
  readonly shown: Pick<ShownMessages, "page">;
}

interface Read {
  readonly query: MessagesQuery;
  /** Who asked is no longer there. */
  readonly gone: AbortSignal;
  /** The mailbox is closed. */
  readonly closed: AbortSignal;
}

/** Reading the mailbox, with or without waiting for a message. */
export class WaitingReads {
  readonly #options: WaitingReadsOptions;
  readonly #wakes = new Wakes();

  constructor(options: WaitingReadsOptions) {
    this.#options = options;
  }

  /** What the query finds; where it says so, held for the first message, or for what follows a wake. */
  async read({ query, gone, closed }: Read): Promise<MessagesPage> {
    const { waiters, clock } = this.#options;
    const first = this.page(query);
    const waitMs = query.wait_ms ?? 0;
    if (waitMs <= 0) return first;
    const signal = AbortSignal.any([gone, closed]);
    const held = await this.#gather({ query, first, signal });
    if (closed.aborted) return first;
    let found = held > 0 ? this.page(query) : first;
    const left = waitMs - held;
    if (found.messages.length === 0 && left > 0) {
      await waiters.wait({ query: { ...query, wait_ms: left }, signal });
      if (closed.aborted) return first;
      found = this.page(query);
    }
    const wakes = found.messages.length > 0 && !gone.aborted;
    if (wakes) this.#wakes.woke(query, clock.monotonic());
    return found;
  }

  /** What the query finds now. @throws Failure FILE_TROUBLE */
  page(query: MessagesQuery): MessagesPage {
    const { mailbox, shown, sealed, sealedFrames } = this.#options;
    const page = shown.page(mailbox.page(query));
    const untold = query.again ? [] : sealedFrames.untold(query.room);
    if (untold.length === 0) return page;
    return {
      ...page,
      sealed: untold.map((one) => ({
        ...one,
        ...(sealed.isRemoved(one.room) ? { removed: true as const } : {}),
      })),
    };
  }

  /** An own message goes out. */
  spoke(): void {
    this.#wakes.spoke();
  }

  /** Waits for what follows a wake, unless there is more than a page already. @returns for how long, in milliseconds */
  async #gather({ query, first, signal }: {
    readonly query: MessagesQuery;
    readonly first: MessagesPage;
    readonly signal: AbortSignal;
  }): Promise<number> {
    const { clock } = this.#options;
    if (first.remaining > 0) return 0;
    const hold = this.#wakes.holdFor(query, clock.monotonic());
    const ms = Math.min(hold, query.wait_ms ?? 0);
    if (ms > 0 && !signal.aborted) await pause(clock, { ms, signal });
    return ms;
  }
}
