import { type Clock, sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import type { Verifier } from "../../lib/protocol/verifying.ts";
import type { Logger } from "../../lib/log.ts";
import type { Mailbox } from "../mailbox/mailbox.ts";
import type { Intake } from "./intake.ts";
import { type Judged, judgeHistory, judgeRow, type Verdict } from "./judge.ts";
import type { RestHistory, RestRow } from "./rest_history.ts";
import type { Room, Rooms } from "./rooms.ts";
import type { RelayConnection } from "./session_options.ts";

export interface CatchUpOptions {
  readonly rooms: Rooms;
  readonly intake: Intake;
  readonly mailbox: Mailbox;
  readonly verifier: Verifier;
  readonly restHistory: RestHistory;
  readonly connection: () => RelayConnection | undefined;
  readonly clock: Clock;
  /** Our clock less the relay's, 0 when unknown. */
  readonly skewMs: () => number;
  readonly log: Logger;
  /** The mailbox could not be written; this tries again. */
  readonly trouble: (failure: Failure) => void;
  /** A room stands where the relay stands. */
  readonly caughtUp: (room: Room) => void;
}

/** Messages that are checked and stored before others get a turn: 32 take about 3 ms. */
const SLICE = 32;
/** Pages that are read back, and their bytes, before the rest is called a gap. */
const MOST_PAGES = 50;
const MOST_BYTES = 16 * 1024 * 1024;
/** A room in which others speak faster than we page is taken as it comes after so many tries. */
const MOST_ROUNDS = 10;
/** How far behind the last message had an author's clock may have been; milliseconds. */
const SLACK_MS = 120_000;
/** What the relay has of the time around a first joining; milliseconds. */
const JOIN_SLACK_MS = 1_000;
/** From a failed try to the next, where nothing else is said; milliseconds. */
const AGAIN_MS = 10_000;

/**
 * Pages each room back to the last message had, one room at a time, while its live messages wait; what can't be had
 * becomes a gap.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #waiting = new Set<string>();
  #running = false;
  #stopped = new AbortController();

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Rooms that are not yet paged. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Asks that the room be paged; its live messages wait meanwhile. */
  request(room: Room): void {
    room.holding = true;
    this.#waiting.add(room.name);
    if (!this.#running) this.#run().catch((error) => this.#broke(error));
  }

  /** The connection is gone: rooms are asked for again after the next. */
  stop(): void {
    this.#stopped.abort(new Failure("NOT_CONNECTED"));
    this.#stopped = new AbortController();
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        const [name] = this.#waiting;
        if (name === undefined) return;
        await this.#one(name);
      }
    } finally {
      this.#running = false;
    }
  }

  #broke(error: unknown): void {
    this.#options.log.error("catch-up broke", {
      reason: Failure.from(error).message,
    });
  }

  /** One room, until it stands where the relay stands or the connection is gone. */
  async #one(name: string): Promise<void> {
    const { signal } = this.#stopped;
    const room = this.#options.rooms.get(name);
    const connection = this.#options.connection();
    try {
      if (room !== undefined && connection !== undefined && room.joined) {
        await this.#page(room, connection, signal);
      }
    } catch (error) {
      await this.#failed(room, Failure.from(error), signal);
      return;
    }
    if (!signal.aborted) this.#waiting.delete(name);
  }

  async #page(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    for (let round = 1;; round++) {
      room.overflow = false;
      await this.#past(room, connection, signal);
      room.fresh = false;
      if (await this.#release(room, round >= MOST_ROUNDS, signal)) break;
    }
    this.#options.caughtUp(room);
  }

  /** @returns false when the room must be paged once more: others spoke meanwhile */
  async #release(
    room: Room,
    holesAreGaps: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (;;) {
      this.#check(signal);
      const { intake } = this.#options;
      const done = intake.release(room, { most: SLICE, holesAreGaps });
      if (done !== "more") return done === "done";
      await this.#turn(signal);
    }
  }

  async #past(
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
      this.#check(signal);
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
    this.#check(signal);
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
      this.#check(signal);
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
      this.#check(signal);
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
      await this.#turn(signal);
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
      await this.#turn(signal);
    }
  }

  /** Lets others have a turn. @throws Failure NOT_CONNECTED when the connection is gone */
  async #turn(signal: AbortSignal): Promise<void> {
    await sleep(this.#options.clock, 0, signal);
  }

  #check(signal: AbortSignal): void {
    signal.throwIfAborted();
  }

  /** A passing trouble is waited out; what the relay won't give is a gap. */
  async #failed(
    room: Room | undefined,
    failure: Failure,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted || room === undefined) return;
    if (failure.code === "FILE_TROUBLE") this.#options.trouble(failure);
    if (isPassing(failure)) {
      return await this.#later(room, failure.retryAfterMs ?? AGAIN_MS);
    }
    const { code } = failure;
    this.#options.log.warn("no history to be had", { room: room.name, code });
    try {
      await this.#giveUp(room, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.trouble(Failure.from(error));
      await this.#later(room, AGAIN_MS);
    }
  }

  async #giveUp(room: Room, signal: AbortSignal): Promise<void> {
    const { intake } = this.#options;
    if (room.lastAt !== undefined) intake.unknownGap(room);
    await this.#release(room, true, signal);
    room.fresh = false;
    this.#waiting.delete(room.name);
    this.#options.caughtUp(room);
  }

  /** Other rooms go first. */
  async #later(room: Room, ms: number): Promise<void> {
    const { signal } = this.#stopped;
    this.#waiting.delete(room.name);
    this.#waiting.add(room.name);
    try {
      await sleep(this.#options.clock, ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** What was read back of a room's past, newest page first, and bounded. */
class PastPages {
  readonly #pages: (readonly RawObject[])[] = [];
  #bytes = 0;

  add(messages: readonly RawObject[]): void {
    this.#pages.push(messages);
    for (const message of messages) this.#bytes += sizeOf(message);
  }

  get isFull(): boolean {
    return this.#pages.length >= MOST_PAGES || this.#bytes >= MOST_BYTES;
  }

  /** For pages whose messages are oldest first. */
  get oldestFirst(): RawObject[] {
    return this.#pages.toReversed().flat();
  }
}

function sizeOf(message: RawObject): number {
  let bytes = 500;
  for (const value of Object.values(message)) {
    if (typeof value === "string") bytes += value.length * 2;
    else if (typeof value === "object" && value !== null && "text" in value) {
      bytes += String(value.text).length * 2;
    }
  }
  return bytes;
}

function isPassing(failure: Failure): boolean {
  return failure.retryAfterMs !== undefined ||
    failure.code === "FILE_TROUBLE" || failure.code === "NOT_CONNECTED" ||
    failure.code === "OUTCOME_UNKNOWN";
}

function seqOf(raw: RawObject | undefined): number | undefined {
  const seq = raw?.seq;
  return typeof seq === "number" && Number.isSafeInteger(seq) ? seq : undefined;
}

/** The number of the newest message of a page, whatever else it holds. */
function lastSeqOf(messages: readonly RawObject[]): number | undefined {
  return seqOf(messages.at(-1));
}

function timeOf(row: RestRow | undefined): number | undefined {
  const time = row?.timestamp;
  return typeof time === "number" && Number.isSafeInteger(time)
    ? time
    : undefined;
}

/** One millisecond is read twice, so that messages of the same one aren't lost; unless that leads nowhere. */
function nextBefore(oldest: number, before: number | undefined): number {
  return before !== undefined && oldest + 1 >= before ? oldest : oldest + 1;
}
