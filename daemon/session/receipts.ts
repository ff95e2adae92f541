import type { Clock, Timer } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { ReceiptPolicy } from "../../lib/local_api/receipt_policy.ts";
import type { SentMessage } from "../../lib/local_api/types.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import {
  type AuthorMarks,
  MARKED_ROOM_MEMBERS,
  MARKS,
  type Marks,
} from "../../lib/protocol/marks_frames.ts";
import { utf8Bytes } from "../../lib/protocol/names.ts";
import type { LoggedSend } from "../mailbox/send_log.ts";
import type { WantedReceipt } from "../mailbox/wanted_receipts.ts";
import type { Room } from "./core/room.ts";
import type { People } from "./read/people.ts";
import type { MessageChecks } from "./receive/message_checks.ts";
import type { Reconnect } from "./reconnect.ts";
import type { StoredState } from "./stored_state.ts";

export interface ReceiptsOptions {
  /** This agent's id. */
  readonly me: string;
  readonly policy: ReceiptPolicy;
  readonly stored: Pick<
    StoredState,
    "mailbox" | "rooms" | "database" | "receipts" | "failed"
  >;
  readonly checks: Pick<MessageChecks, "marks">;
  readonly people: Pick<People, "isMuted">;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What comes within so long is told at once; then nothing for the longer time. Milliseconds. */
const GATHER_MS = 1_000;
const PAUSE_MS = 10_000;

/**
 * What becomes of messages: told to authors who ask for it, at most one frame a room each ten seconds, and heard from
 * those who read ours. Nothing is told of what is told.
 */
export class Receipts {
  readonly #options: ReceiptsOptions;
  #timer: Timer | undefined;
  #isClosed = false;
  /** Monotonic: before that nothing more is told. */
  #notBefore = 0;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** Something came, or was read, or there is a connection again: there may be something to tell. */
  changed(): void {
    const { policy, clock } = this.#options;
    if (policy === "off" || this.#timer !== undefined) return;
    const left = this.#notBefore - clock.monotonic();
    this.#timer = clock.after(Math.max(GATHER_MS, left), () => {
      this.#timer = undefined;
      this.#tell();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** What a reader tells of our messages. @param raw the frame as it came: what its signature covers */
  heard(frame: Marks, raw: RawObject): void {
    const { me, checks, stored } = this.#options;
    const { receipts: log } = stored;
    const { room, from, marks } = frame;
    const isMember = stored.rooms.get(room)?.memberIds.includes(from) ?? false;
    if (!isMember || from === me || !checks.marks(frame, raw)) return;
    const mine = marks.filter(({ author }) => author === me);
    try {
      stored.database.transaction(() => {
        for (const { delivered, shown } of mine) {
          for (const id of delivered) {
            log.note({ id, room, reader: from }, false);
          }
          for (const id of shown) log.note({ id, room, reader: from }, true);
        }
      });
    } catch (error) {
      stored.failed(Failure.from(error));
    }
  }

  /** What is known of an own message; nothing where nothing was asked. */
  of({ id, receipt, others }: LoggedSend): Pick<SentMessage, "receipts"> {
    if (!receipt) return {};
    const counts = this.#options.stored.receipts.counts(id);
    const of = others === undefined ? {} : { of: others };
    return { receipts: { ...counts, ...of } };
  }

  #tell(): void {
    const { clock, stored } = this.#options;
    let due: WantedReceipt[];
    try {
      due = stored.mailbox.receipts.due();
    } catch (error) {
      return stored.failed(Failure.from(error));
    }
    if (due.length === 0) return;
    this.#notBefore = clock.monotonic() + PAUSE_MS;
    for (const [name, wanted] of Map.groupBy(due, ({ room }) => room)) {
      const room = stored.rooms.get(name);
      // One that is not joined now may be again; where it was left or has ended nobody is to be told.
      if (room?.joined) void this.#tellRoom(room, wanted);
      else if (room === undefined || room.ended !== undefined) {
        this.#write([], wanted);
      }
    }
  }

  /** Never rejects. */
  async #tellRoom(room: Room, all: readonly WantedReceipt[]): Promise<void> {
    const { me, people, reconnect, policy } = this.#options;
    const { connection } = reconnect;
    if (!connection?.features.has("marks")) return;
    const others = room.memberIds.filter((id) => id !== me);
    const isSmall = others.length < MARKED_ROOM_MEMBERS;
    const heard = all.filter(({ author }) =>
      isSmall && !people.isMuted(author)
    );
    const told = firstOf(heard);
    const isHeard = new Set(heard);
    const silent = all.filter((one) => !isHeard.has(one));
    const marks = marksOf(told, policy);
    try {
      if (told.length > 0) {
        await connection.tellMarks({ room: room.name, marks });
      }
    } catch (error) {
      // It was not signed before the line went; it is told when there is another.
      const reason = Failure.from(error).message;
      return this.#options.logger.debug("receipts wait", { reason });
    }
    if (this.#isClosed) return;
    this.#write(told, silent);
    if (told.length < heard.length) this.changed();
  }

  /** What was told is told once; where it was lost on the line, it is not known. */
  #write(
    told: readonly WantedReceipt[],
    silent: readonly WantedReceipt[],
  ): void {
    const { stored: { database, mailbox, failed }, policy } = this.#options;
    try {
      database.transaction(() => {
        for (const { cursor } of silent) mailbox.receipts.remove(cursor);
        for (const { cursor, isShown } of told) {
          if (isShown || policy === "delivered") {
            mailbox.receipts.remove(cursor);
          } else mailbox.receipts.delivered(cursor);
        }
      });
    } catch (error) {
      failed(Failure.from(error));
    }
  }
}

/** Ids of one frame may take so many bytes, with what stands around each; authors choose how long they are. */
const MOST_ID_BYTES = 40_000;
const AROUND_ID = 3;

/** As many as one frame holds: of so many authors, so many of each, in so many bytes. */
function firstOf(wanted: readonly WantedReceipt[]): readonly WantedReceipt[] {
  let left = MOST_ID_BYTES;
  return [...Map.groupBy(wanted, ({ author }) => author).values()]
    .slice(0, MARKS.authors)
    .flatMap((ofOne) => ofOne.slice(0, MARKS.ids))
    .filter(({ id }) => (left -= utf8Bytes(id) + AROUND_ID) >= 0);
}

function marksOf(
  told: readonly WantedReceipt[],
  policy: ReceiptPolicy,
): AuthorMarks[] {
  const ids = (list: readonly WantedReceipt[], isShown: boolean) =>
    list.filter((one) => (one.isShown && policy === "shown") === isShown)
      .map(({ id }) => id);
  return [...Map.groupBy(told, ({ author }) => author)].map(
    ([author, ofOne]) => ({
      author,
      delivered: ids(ofOne, false),
      shown: ids(ofOne, true),
    }),
  );
}
