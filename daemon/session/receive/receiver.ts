import { type Clock, sleep } from "../../../lib/clock.ts";
import type { IdNames } from "../../../lib/client/id_names.ts";
import type { ReceivedMessage } from "../../../lib/local_api/types/messages.ts";
import type { SealedFrame } from "../../mailbox/sealed_frames.ts";
import type { DeliveredMessage } from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { cutToBytes } from "../../../lib/protocol/names.ts";
import { missingBefore } from "../core/gap_count.ts";
import { RECEIPT_WANTED } from "../../../lib/protocol/marks_frames.ts";
import { writerOf } from "../../../lib/protocol/written_by.ts";
import { messageKind } from "../../../lib/protocol/message_kind.ts";
import { defined } from "../../../lib/defined.ts";
import type { Room } from "../core/room.ts";
import { SenderOrder } from "../core/sender_order.ts";
import type { Arrivals } from "../read/arrivals.ts";
import type { Reconnect } from "../reconnect.ts";
import type { Outbox } from "../send/outbox.ts";
import type { StoredState } from "../stored_state.ts";
import type { VerifiedMessage } from "../core/verified_message.ts";

export interface ReceiverOptions {
  /** Whether authors are told what becomes of their messages. */
  readonly tellsReceipts: boolean;
  readonly me: string;
  readonly stored: StoredState;
  readonly names: IdNames;
  readonly clock: Clock;
  readonly reconnect: Pick<Reconnect, "clockSkewMs">;
  /** Told of own messages that the relay has, within the transaction that notes them. */
  readonly outbox: Pick<Outbox, "confirm">;
  /** Told of each message that is in the mailbox. */
  readonly arrivals: Pick<Arrivals, "arrived">;
}

/** How a message comes to be taken. */
type Way = "live" | "late";

/** Messages that are checked and stored before others get a turn: 32 take about 3 ms. */
export const SLICE = 32;

/**
 * The one way into the mailbox, live or fetched: told apart from what was had, in order, then a cursor. What can't be
 * written is never counted as had.
 */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #order = new SenderOrder();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Whether a message shows that others are missing before it; in a room that was empty nobody knows its first number. */
  misses(room: Room, message: VerifiedMessage): boolean {
    const isFirst = room.progress.lastSeq === 0 &&
      message.frame.seq !== undefined;
    return isFirst || this.#missing(room, message) !== 0;
  }

  /** Takes a live message. @throws Failure FILE_TROUBLE, and the room stands where it stood */
  take(room: Room, message: VerifiedMessage): void {
    const { database, rooms } = this.#options.stored;
    const { place } = room.progress;
    let taken: ReceivedMessage | null;
    try {
      taken = database.transaction(() => {
        const stored = this.#store(room, message, "live");
        rooms.mark(room);
        return stored;
      });
    } catch (error) {
      room.progress.goBackTo(place);
      throw error;
    }
    if (taken !== null) this.#options.arrivals.arrived(taken);
  }

  /**
   * Takes messages of a room's past, oldest first, all or none; what waits as live was not missed, and stands for a row
   * of it that can't be checked, or the same message would be there twice.
   *
   * @throws Failure FILE_TROUBLE
   */
  takePast(room: Room, messages: readonly VerifiedMessage[]): void {
    const live = new Map(
      room.held.map(({ message: held }) => [keyOf(held.frame), held]),
    );
    this.#takeAll(room, () =>
      messages.flatMap((message) => {
        this.#noteGap(room, message);
        const held = live.get(keyOf(message.frame));
        if (held === undefined) return this.#store(room, message, "late") ?? [];
        const better = held.verified ? held : message;
        return this.#store(room, better, "live") ?? [];
      }));
  }

  /** Notes what is missing up to this number, of which no message came that could be taken. @throws Failure FILE_TROUBLE */
  hadUpTo(room: Room, seq: number): void {
    const missing = this.#missingBefore(room, seq + 1);
    if (missing !== 0) this.#addGap(room, missing);
    room.progress.advance(seq);
    this.#options.stored.rooms.mark(room);
  }

  /** Notes that an unknown number of messages is missing in the room. @throws Failure FILE_TROUBLE */
  unknownGap(room: Room): void {
    this.#addGap(room, undefined);
  }

  /**
   * Takes what waits in a room. Where that leads past a number that was not fetched, it stops: what came since must be
   * fetched too, or is a gap when `holesAreGaps`, as is what came when no more could wait. Rejects with FILE_TROUBLE, or
   * the signal's reason.
   */
  async release(
    room: Room,
    { holesAreGaps, signal }: {
      readonly holesAreGaps: boolean;
      readonly signal: AbortSignal;
    },
  ): Promise<"released" | "hole"> {
    for (;;) {
      signal.throwIfAborted();
      if (room.overflow && !holesAreGaps) return "hole";
      if (this.#releaseSlice(room, holesAreGaps)) return "hole";
      if (room.held.length === 0) break;
      await sleep(this.#options.clock, 0, signal);
    }
    room.wasReleased();
    return "released";
  }

  /** @returns whether a hole stopped it */
  #releaseSlice(room: Room, holesAreGaps: boolean): boolean {
    let taken = 0;
    let hole = false;
    this.#takeAll(room, () => {
      const messages: ReceivedMessage[] = [];
      for (const { message: waiting, gapBefore } of room.held.slice(0, SLICE)) {
        hole = !holesAreGaps && this.misses(room, waiting);
        if (hole) break;
        if (gapBefore) this.unknownGap(room);
        else this.#noteGap(room, waiting);
        const message = this.#store(room, waiting, "live");
        if (message !== null) messages.push(message);
        taken++;
      }
      const isLast = taken === room.held.length;
      if (isLast && room.gapBehind) this.unknownGap(room);
      return messages;
    });
    room.unhold(taken);
    return hole;
  }

  /** Runs in one transaction; where it fails, the room stands where it stood. */
  #takeAll(room: Room, action: () => ReceivedMessage[]): void {
    const { stored: { database, rooms }, arrivals } = this.#options;
    const { place } = room.progress;
    let taken: ReceivedMessage[];
    try {
      taken = database.transaction(() => {
        const messages = action();
        rooms.mark(room);
        return messages;
      });
    } catch (error) {
      room.progress.goBackTo(place);
      throw error;
    }
    for (const message of taken) arrivals.arrived(message);
  }

  #store(
    room: Room,
    { frame, verified }: VerifiedMessage,
    way: Way,
  ): ReceivedMessage | null {
    const { me, stored: { mailbox, privateRooms }, clock, reconnect } =
      this.#options;
    const now = clock.wall();
    room.progress.had(frame.seq, now);
    const { id, from, timestamp, seq, reply_to } = frame;
    const isOwn = from === me;
    const outOfTime = !isOwn &&
      this.#order.isLate(frame, now - reconnect.clockSkewMs);
    const message = {
      ...{ id, room: room.name, from, from_name: this.#nameOf(frame) },
      ...{ text: frame.content.text, timestamp, received_at: now, verified },
      late: way === "late" || outOfTime,
      ...defined({
        seq,
        reply_to,
        kind: messageKind(frame.kind),
        written_by: writerOf(frame.written_by),
        file: frame.file,
      }),
    };
    if (isOwn) this.#options.outbox.confirm(id, seq);
    if (privateRooms.get(room.name) !== undefined) {
      this.#keepSealed({ ...message, live: way === "live" });
      return null;
    }
    if (!isOwn) {
      const wantsReceipt = this.#options.tellsReceipts && verified &&
        frame.receipt === RECEIPT_WANTED;
      return mailbox.add({ ...message, wantsReceipt });
    }
    // Anybody could have written what nobody signed.
    if (verified) mailbox.addOwn(message);
    else mailbox.remember(message);
    return null;
  }

  #noteGap(room: Room, message: VerifiedMessage): void {
    const missing = this.#missing(room, message);
    if (missing === 0) return;
    this.#addGap(room, missing);
  }

  /** In a private room it stands behind what is not opened yet. */
  #addGap({ name }: Room, missing: number | undefined): void {
    const { stored: { mailbox, sealedFrames, privateRooms }, clock } =
      this.#options;
    if (privateRooms.get(name) === undefined) mailbox.addGap(name, missing);
    else sealedFrames.addGap(name, missing, clock.wall());
  }

  /** What came sealed is in the mailbox once it is opened. */
  #keepSealed(message: SealedFrame): void {
    const { mailbox, sealedFrames } = this.#options.stored;
    if (mailbox.has(message)) return;
    mailbox.remember(message);
    sealedFrames.add(message);
  }

  /** How many messages are missing before this one; undefined when nobody knows. */
  #missing(room: Room, { frame }: VerifiedMessage): number | undefined {
    return frame.seq === undefined ? 0 : this.#missingBefore(room, frame.seq);
  }

  #missingBefore(room: Room, seq: number): number | undefined {
    const now = this.#options.clock.wall();
    return missingBefore(seq, {
      lastSeq: room.progress.lastSeq,
      elapsedMs: now - (room.progress.lastAt ?? room.joinedAt),
    });
  }

  #nameOf({ from, from_name }: DeliveredMessage): string {
    const name = from_name ?? this.#options.names.get(from) ?? "";
    return cutToBytes(name, WIRE.displayName * 4);
  }
}

/** A message is its author's: an id alone names none. */
function keyOf({ from, id }: DeliveredMessage): string {
  return `${from} ${id}`;
}
