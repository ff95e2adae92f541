import { type Clock, sleep } from "../../../lib/clock.ts";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { Intake } from "./receiver.ts";
import {
  type Judged,
  judgeHistory,
  judgeRow,
  type Verdict,
} from "./verified_message.ts";
import {
  lastSeqOf,
  nextBefore,
  PastPages,
  seqOf,
  timeOf,
} from "../core/past_pages.ts";
import type { RestHistory } from "./rest_history.ts";
import type { Room, Rooms } from "../rooms.ts";
import type { RelayConnection } from "../session_options.ts";

export interface RoomPagingOptions {
  readonly rooms: Rooms;
  readonly intake: Intake;
  readonly mailbox: Mailbox;
  readonly verifier: Verifier;
  readonly restHistory: RestHistory;
  readonly clock: Clock;
  /** Our clock less the relay's, 0 when unknown. */
  readonly skewMs: () => number;
}

/** Messages that are checked and stored before others get a turn: 32 take about 3 ms. */
export const SLICE = 32;
/** How far behind the last message had an author's clock may have been; milliseconds. */
const SLACK_MS = 120_000;
/** What the relay has of the time around a first joining; milliseconds. */
const JOIN_SLACK_MS = 1_000;

/** Fetches what a room's past holds since the last message had, by whatever way the relay has. */
export class RoomPaging {
  readonly #options: RoomPagingOptions;

  constructor(options: RoomPagingOptions) {
    this.#options = options;
  }

  /** Into the mailbox, oldest first. Rejects with a `Failure`, or the signal's reason. */
  async past(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    if (!connection.features.has("history")) {
      return room.fresh ? undefined : await this.#rest(room, signal);
    }
    if (room.fresh && room.lastSeq === 0) return;
    if (room.lastSeq !== undefined) {
      return await this.#forward(room, connection, signal);
    }
    if (room.fresh) return await this.#baseline(room, connection, signal);
    await this.#backward(room, connection, signal);
  }

  /** From the last number had to the newest. */
  async #forward(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    const limit = WIRE.historyPage;
    for (;;) {
      const before = room.lastSeq ?? 0;
      const after_seq = before;
      const page = await connection.history({
        room: room.name,
        after_seq,
        limit,
      });
      signal.throwIfAborted();
      await this.#judgeAndTake(room, page.messages, signal);
      const newest = lastSeqOf(page.messages);
      if (newest !== undefined) room.advance(newest);
      if (!page.has_more || (room.lastSeq ?? 0) <= before) return;
    }
  }

  /** Where the room stands as we enter it: nothing before that is fetched. */
  async #baseline(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    const page = await connection.history({ room: room.name, limit: 1 });
    signal.throwIfAborted();
    // What went by unread while this was asked stands before its answer.
    if (!room.fresh) return await this.#backward(room, connection, signal);
    const seqs = room.held.flatMap(({ frame }) => frame.seq ?? []);
    const newest = lastSeqOf(page.messages) ?? 0;
    room.lastSeq = Math.max(0, Math.min(newest, ...seqs.map((seq) => seq - 1)));
    this.#options.rooms.mark(room);
  }

  /** By time, where no number is known: from the newest page back to when we joined. */
  async #backward(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    const since = room.joinedAt - this.#options.skewMs() - JOIN_SLACK_MS;
    const found = new PastPages();
    let before_seq: number | undefined;
    for (;;) {
      const page = await connection.history({
        room: room.name,
        limit: WIRE.historyPage,
        ...(before_seq === undefined ? {} : { before_seq }),
      });
      signal.throwIfAborted();
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
    if (found.isFull) this.#options.intake.unknownGap(room);
    await this.#judgeAndTake(room, found.oldestFirst, signal);
    if (room.lastSeq === undefined) room.lastSeq = 0;
  }

  /** By REST, from the newest page back to a message that was had. */
  async #rest(room: Room, signal: AbortSignal): Promise<void> {
    const { restHistory, verifier, intake } = this.#options;
    const found: Judged[] = [];
    const pages = new PastPages();
    let before: number | undefined;
    let reached = false;
    while (!reached && !pages.isFull) {
      const rows = await restHistory(room.name, {
        limit: WIRE.historyPage,
        ...(before === undefined ? {} : { before }),
      });
      signal.throwIfAborted();
      pages.add(rows);
      const judged = await this.#judged(
        rows,
        (row) => judgeRow(row, verifier),
        signal,
      );
      reached = this.#collect(room, judged, found);
      const oldest = timeOf(rows.at(-1));
      const isLast = rows.length < WIRE.historyPage || oldest === undefined;
      if (isLast || oldest === before) break;
      before = nextBefore(oldest, before);
    }
    const cut = !reached && room.lastAt !== undefined;
    if (cut || pages.isFull) intake.unknownGap(room);
    await this.#take(room, found.reverse(), signal);
  }

  /** Adds what is new; true when what was had, or the time before it, is reached. */
  #collect(room: Room, judged: readonly Judged[], found: Judged[]): boolean {
    const { mailbox, skewMs } = this.#options;
    const joined = room.joinedAt - JOIN_SLACK_MS;
    const since = Math.max(joined, (room.lastAt ?? 0) - SLACK_MS) - skewMs();
    let reached = false;
    for (const one of judged) {
      const { from, id, room: name, timestamp } = one.frame;
      if (name !== room.name) continue;
      if (timestamp < since) reached = true;
      else if (mailbox.has({ from, id, verified: one.verified })) {
        reached = true;
      } else found.push(one);
    }
    return reached;
  }

  async #judgeAndTake(
    room: Room,
    raws: readonly RawObject[],
    signal: AbortSignal,
  ): Promise<void> {
    const { verifier } = this.#options;
    const judged = await this.#judged(
      raws,
      (raw) => judgeHistory(raw, verifier),
      signal,
    );
    const ofRoom = judged.filter(({ frame }) => frame.room === room.name);
    await this.#take(room, ofRoom, signal);
  }

  async #judged<Item>(
    items: readonly Item[],
    check: (item: Item) => Verdict,
    signal: AbortSignal,
  ): Promise<Judged[]> {
    const judged: Judged[] = [];
    for (let at = 0; at < items.length; at += SLICE) {
      for (const item of items.slice(at, at + SLICE)) {
        const one = this.#options.intake.count(check(item));
        if (one !== null) judged.push(one);
      }
      await this.turn(signal);
    }
    return judged;
  }

  async #take(
    room: Room,
    messages: readonly Judged[],
    signal: AbortSignal,
  ): Promise<void> {
    for (let at = 0; at < messages.length; at += SLICE) {
      this.#options.intake.past(room, messages.slice(at, at + SLICE));
      await this.turn(signal);
    }
  }

  /** Lets others have a turn. @throws Failure NOT_CONNECTED when the connection is gone */
  async turn(signal: AbortSignal): Promise<void> {
    await sleep(this.#options.clock, 0, signal);
  }
}
