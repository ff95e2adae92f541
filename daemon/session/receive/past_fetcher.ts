import { type Clock, sleep } from "../../../lib/clock.ts";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { PageBudget } from "../core/page_budget.ts";
import {
  lastSeqOf,
  nextBefore,
  PastPages,
  seqOf,
  timeOf,
} from "../core/past_pages.ts";
import type { Room } from "../core/room.ts";
import type { RelayConnection } from "../session_options.ts";
import type { StoredState } from "../stored_state.ts";
import type { MessageChecks } from "./message_checks.ts";
import { type Receiver, SLICE } from "./receiver.ts";
import type { RestHistory } from "./rest_history.ts";
import type { VerifiedMessage } from "../core/verified_message.ts";

export interface PastFetcherOptions {
  readonly stored: Pick<StoredState, "rooms" | "mailbox">;
  readonly receiver: Receiver;
  readonly checks: MessageChecks;
  readonly restHistory: RestHistory;
  readonly clock: Clock;
}

/** What ends a fetch early, and by which connection it goes. */
interface Way {
  readonly connection: RelayConnection;
  readonly signal: AbortSignal;
}

/** How far behind the last message had an author's clock may have been; milliseconds. */
const SLACK_MS = 120_000;
/** What the relay has of the time around a first joining; milliseconds. */
const JOIN_SLACK_MS = 1_000;

/** Fetches what a room's past holds since the last message had, by whatever way the relay has. */
export class PastFetcher {
  readonly #options: PastFetcherOptions;
  readonly #budget = new PageBudget();

  constructor(options: PastFetcherOptions) {
    this.#options = options;
  }

  /**
   * Into the mailbox, oldest first. Rejects with a `Failure`, or the signal's reason.
   *
   * @returns 0 when all is had; else the time to wait, in milliseconds, before it goes on: so many pages were read
   */
  async fetch(room: Room, way: Way): Promise<number> {
    const hasHistory = way.connection.features.has("history");
    if (room.isFresh && (!hasHistory || room.progress.lastSeq === 0)) return 0;
    const waitMs = this.#waitMs();
    if (waitMs > 0) return waitMs;
    if (!hasHistory) await this.#rest(room, way);
    else if (room.progress.lastSeq !== undefined) {
      return await this.#forward(room, way);
    } else if (room.isFresh) await this.#baseline(room, way);
    else await this.#backward(room, way);
    return 0;
  }

  #waitMs(): number {
    return this.#budget.waitMs(this.#options.clock.monotonic());
  }

  #spend(): void {
    this.#budget.spend(this.#options.clock.monotonic());
  }

  /** From the last number had to the newest; in pieces where that is far. */
  async #forward(room: Room, way: Way): Promise<number> {
    const limit = WIRE.historyPage;
    for (;;) {
      const waitMs = this.#waitMs();
      if (waitMs > 0) return waitMs;
      this.#spend();
      const { lastSeq: before = 0, newestOwn } = room.progress;
      const after_seq = before;
      const page = await way.connection.history({
        room: room.name,
        after_seq,
        limit,
      });
      way.signal.throwIfAborted();
      await this.#checkAndTake(room, page.messages, way.signal);
      const newest = lastSeqOf(page.messages);
      if (newest !== undefined) this.#options.receiver.hadUpTo(room, newest);
      // What stands before an own message that was sent meanwhile could not be in it yet.
      const isOld = room.progress.missingBeforeOwn > 0 &&
        room.progress.newestOwn > newestOwn;
      if (!page.has_more && !isOld) break;
      if ((room.progress.lastSeq ?? 0) > before || isOld) continue;
      // It has more, and does not give it.
      this.#options.receiver.unknownGap(room);
      break;
    }
    this.#noteOwnAhead(room);
    return 0;
  }

  /** An own message that the relay has numbered, and what is before it, are not in its history; nor did they come live. */
  #noteOwnAhead(room: Room): void {
    const { missingBeforeOwn, lastSeq = 0 } = room.progress;
    if (missingBeforeOwn === 0 || room.isHolding) return;
    this.#options.receiver.hadUpTo(room, lastSeq + missingBeforeOwn);
  }

  /** Where the room stands as we enter it: nothing before that is fetched. */
  async #baseline(room: Room, way: Way): Promise<void> {
    this.#spend();
    const page = await way.connection.history({ room: room.name, limit: 1 });
    way.signal.throwIfAborted();
    // What went by unread while this was asked stands before its answer.
    if (!room.isFresh) return await this.#backward(room, way);
    const seqs = room.held.flatMap(({ message }) => message.frame.seq ?? []);
    const newest = lastSeqOf(page.messages) ?? 0;
    room.progress.startAt(
      Math.max(0, Math.min(newest, ...seqs.map((seq) => seq - 1))),
    );
    this.#options.stored.rooms.mark(room);
  }

  /** By time, where no number is known: from the newest page back to when we joined. */
  async #backward(room: Room, way: Way): Promise<void> {
    const skewMs = way.connection.clockSkewMs ?? 0;
    const since = room.joinedAt - skewMs - JOIN_SLACK_MS;
    const found = new PastPages();
    let before_seq: number | undefined;
    for (;;) {
      this.#spend();
      const page = await way.connection.history({
        room: room.name,
        limit: WIRE.historyPage,
        ...(before_seq === undefined ? {} : { before_seq }),
      });
      way.signal.throwIfAborted();
      const recent = page.messages.filter((raw) =>
        Number(raw.received_at ?? 0) >= since
      );
      found.add(recent);
      const first = seqOf(page.messages[0]);
      const done = !page.has_more || recent.length < page.messages.length ||
        first === undefined || first >= (before_seq ?? Infinity);
      if (done || found.isFull) break;
      before_seq = first;
    }
    if (found.isFull) this.#options.receiver.unknownGap(room);
    await this.#checkAndTake(room, found.oldestFirst, way.signal);
    if (room.progress.lastSeq === undefined) room.progress.startAt(0);
  }

  /** By REST, from the newest page back to a message that was had. */
  async #rest(room: Room, { connection, signal }: Way): Promise<void> {
    const { restHistory, checks, receiver } = this.#options;
    const skewMs = connection.clockSkewMs ?? 0;
    const found: VerifiedMessage[] = [];
    const pages = new PastPages();
    let before: number | undefined;
    let reached = false;
    while (!reached && !pages.isFull) {
      this.#spend();
      const rows = await restHistory(room.name, {
        limit: WIRE.historyPage,
        ...(before === undefined ? {} : { before }),
      });
      signal.throwIfAborted();
      pages.add(rows);
      const check = (row: RawObject) => checks.row(row);
      const checked = await this.#checked(rows, check, signal);
      reached = this.#collect(room, { checked, skewMs, found });
      const oldest = timeOf(rows.at(-1));
      const isLast = rows.length < WIRE.historyPage || oldest === undefined;
      if (isLast || oldest === before) break;
      before = nextBefore(oldest, before);
    }
    const cut = !reached && room.progress.lastAt !== undefined;
    if (cut || pages.isFull) receiver.unknownGap(room);
    await this.#take(room, found.reverse(), signal);
  }

  /** Adds what is new to `found`; true when what was had, or the time before it, is reached. */
  #collect(
    room: Room,
    { checked, skewMs, found }: {
      readonly checked: readonly VerifiedMessage[];
      readonly skewMs: number;
      readonly found: VerifiedMessage[];
    },
  ): boolean {
    const { mailbox } = this.#options.stored;
    const joined = room.joinedAt - JOIN_SLACK_MS;
    const since = Math.max(joined, (room.progress.lastAt ?? 0) - SLACK_MS) -
      skewMs;
    let reached = false;
    for (const one of checked) {
      const { from, id, room: name, timestamp } = one.frame;
      if (name !== room.name) continue;
      if (timestamp < since) reached = true;
      else if (mailbox.has({ from, id, verified: one.verified })) {
        reached = true;
      } else found.push(one);
    }
    return reached;
  }

  async #checkAndTake(
    room: Room,
    raws: readonly RawObject[],
    signal: AbortSignal,
  ): Promise<void> {
    const { checks } = this.#options;
    const check = (raw: RawObject) => checks.history(raw);
    const checked = await this.#checked(raws, check, signal);
    const ofRoom = checked.filter(({ frame }) => frame.room === room.name);
    await this.#take(room, ofRoom, signal);
  }

  async #checked<Item>(
    items: readonly Item[],
    check: (item: Item) => VerifiedMessage | null,
    signal: AbortSignal,
  ): Promise<VerifiedMessage[]> {
    const checked: VerifiedMessage[] = [];
    for (let at = 0; at < items.length; at += SLICE) {
      for (const item of items.slice(at, at + SLICE)) {
        const one = check(item);
        if (one !== null) checked.push(one);
      }
      await sleep(this.#options.clock, 0, signal);
    }
    return checked;
  }

  async #take(
    room: Room,
    messages: readonly VerifiedMessage[],
    signal: AbortSignal,
  ): Promise<void> {
    for (let at = 0; at < messages.length; at += SLICE) {
      this.#options.receiver.takePast(room, messages.slice(at, at + SLICE));
      await sleep(this.#options.clock, 0, signal);
    }
  }
}
