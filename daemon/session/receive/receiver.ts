import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { IdNames } from "../../../lib/client/id_names.ts";
import type { ReceivedMessage } from "../../../lib/local_api/types.ts";
import type {
  DeliveredMessage,
  RawObject,
} from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { cutToBytes } from "../../../lib/protocol/names.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import type { MailboxDatabase } from "../../mailbox/database.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { missingBefore } from "../core/gap_count.ts";
import { judge, type Judged, type Verdict } from "./verified_message.ts";
import type { Room, Rooms } from "../rooms.ts";
import { SenderOrder } from "../core/sender_order.ts";

export interface IntakeOptions {
  readonly me: string;
  readonly mailbox: Mailbox;
  readonly database: MailboxDatabase;
  readonly rooms: Rooms;
  readonly names: IdNames;
  readonly verifier: Verifier;
  readonly clock: Clock;
  /** Our clock less the relay's, 0 when unknown. */
  readonly skewMs: () => number;
  /** The relay has a message of our own. Called within the transaction that notes it. */
  readonly own: (message: DeliveredMessage) => void;
  /** A message is in the mailbox. */
  readonly arrived: (message: ReceivedMessage) => void;
  /** The room must be paged before it takes more. */
  readonly needsPaging: (room: Room) => void;
  /** The mailbox could not be written; what came waits. */
  readonly trouble: (failure: Failure, room: Room) => void;
}

/** How a message comes to be taken. */
type Way = "live" | "late";

/**
 * The one way into the mailbox, live or caught up: verified, told apart from what was had, in order, then a cursor.
 * What can't be written waits and is never counted as had.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #order = new SenderOrder();
  /** Messages refused since their signature is not their author's. */
  forged = 0;
  /** Messages of no use: malformed, or of a room that we are not in. */
  dropped = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** A message of the line. */
  live(frame: DeliveredMessage, raw: RawObject): void {
    const room = this.#options.rooms.get(frame.room);
    if (room === undefined || room.ended !== undefined) {
      this.dropped++;
      return;
    }
    const judged = this.count(judge({ frame, raw }, this.#options.verifier));
    if (judged === null) return;
    if (room.holding) return room.hold(judged);
    if (!this.#mayMiss(room, judged)) return this.#takeOrHold(room, judged);
    room.holding = true;
    room.hold(judged);
    this.#options.needsPaging(room);
  }

  /** Counts what is refused; null for that. */
  count(verdict: Verdict): Judged | null {
    if (verdict === "forged") this.forged++;
    else if (verdict === "malformed") this.dropped++;
    else return verdict;
    return null;
  }

  /**
   * Takes messages of a room's past, oldest first, all or none; what waits as live was not missed, and stands for a row
   * of it that can't be checked, or the same message would be there twice.
   *
   * @throws Failure FILE_TROUBLE
   */
  past(room: Room, messages: readonly Judged[]): void {
    const live = new Map(room.held.map((held) => [keyOf(held.frame), held]));
    this.#all(room, () =>
      messages.flatMap((judged) => {
        this.#noteGap(room, judged);
        const held = live.get(keyOf(judged.frame));
        if (held === undefined) return this.#take(room, judged, "late") ?? [];
        const better = held.verified ? held : judged;
        return this.#take(room, better, "live") ?? [];
      }));
  }

  /** Notes that an unknown number of messages is missing in the room. @throws Failure FILE_TROUBLE */
  unknownGap(room: Room): void {
    this.#options.mailbox.addGap(room.name, undefined);
  }

  /**
   * The room was paged: takes what waited. Where that leads past a number that paging did not reach, it stops: what came
   * since must be paged too, or is a gap when `holesAreGaps`, as is what came when no more could wait.
   *
   * @throws Failure FILE_TROUBLE
   */
  release(
    room: Room,
    { most, holesAreGaps }: {
      /** So many are taken at once. */
      readonly most: number;
      readonly holesAreGaps: boolean;
    },
  ): "done" | "more" | "hole" {
    if (room.overflow && !holesAreGaps) return "hole";
    let taken = 0;
    let hole = false;
    this.#all(room, () => {
      const messages: ReceivedMessage[] = [];
      for (const judged of room.held.slice(0, most)) {
        hole = !holesAreGaps && this.#mayMiss(room, judged);
        if (hole) break;
        this.#noteGap(room, judged);
        const message = this.#take(room, judged, "live");
        if (message !== null) messages.push(message);
        taken++;
      }
      const isLast = taken === room.held.length;
      if (isLast && room.overflow) this.unknownGap(room);
      return messages;
    });
    room.unhold(taken);
    if (hole) return "hole";
    if (room.held.length > 0) return "more";
    room.overflow = false;
    room.holding = false;
    return "done";
  }

  #takeOrHold(room: Room, judged: Judged): void {
    try {
      this.#all(room, () => this.#take(room, judged, "live") ?? []);
    } catch (error) {
      room.holding = true;
      room.hold(judged);
      this.#options.trouble(Failure.from(error), room);
    }
  }

  /** Runs in one transaction; where it fails, the room stands where it stood. */
  #all(room: Room, action: () => ReceivedMessage | ReceivedMessage[]): void {
    const { database, rooms, arrived } = this.#options;
    const { lastSeq, lastAt } = room;
    let taken: ReceivedMessage[];
    try {
      taken = database.transaction(() => {
        const messages = [action()].flat();
        rooms.mark(room);
        return messages;
      });
    } catch (error) {
      room.lastSeq = lastSeq;
      room.lastAt = lastAt;
      throw error;
    }
    for (const message of taken) arrived(message);
  }

  #take(room: Room, judged: Judged, way: Way): ReceivedMessage | null {
    const { me, mailbox, clock, skewMs } = this.#options;
    const { frame, verified } = judged;
    const now = clock.wall();
    room.advance(frame.seq);
    room.lastAt = now;
    if (frame.from === me) {
      mailbox.remember({ from: me, id: frame.id, verified });
      this.#options.own(frame);
      return null;
    }
    const { id, from, timestamp, seq, reply_to } = frame;
    const outOfTime = this.#order.isLate(frame, now - skewMs());
    return mailbox.add({
      ...{ id, room: room.name, from, from_name: this.#nameOf(frame) },
      ...{ text: frame.content.text, timestamp, received_at: now, verified },
      late: way === "late" || outOfTime,
      ...(seq === undefined ? {} : { seq }),
      ...(reply_to === undefined ? {} : { reply_to }),
    });
  }

  /** Whether the room must be paged first; where it was empty, nobody knows its first number. */
  #mayMiss(room: Room, judged: Judged): boolean {
    const isFirst = room.lastSeq === 0 && judged.frame.seq !== undefined;
    return isFirst || this.#missing(room, judged) !== 0;
  }

  #noteGap(room: Room, judged: Judged): void {
    const missing = this.#missing(room, judged);
    if (missing !== 0) this.#options.mailbox.addGap(room.name, missing);
  }

  /** How many messages are missing before this one; undefined when nobody knows. */
  #missing(room: Room, { frame }: Judged): number | undefined {
    if (frame.seq === undefined) return 0;
    const now = this.#options.clock.wall();
    return missingBefore(frame.seq, {
      lastSeq: room.lastSeq,
      elapsedMs: now - (room.lastAt ?? room.joinedAt),
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
