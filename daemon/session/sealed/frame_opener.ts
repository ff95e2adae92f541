import { defined } from "../../../lib/defined.ts";
import type { ReceivedMessage } from "../../../lib/local_api/types/messages.ts";
import type { SealedFrame, Waiting } from "../../mailbox/sealed_frames.ts";
import type { Heard } from "../../../lib/sealed/counters.ts";
import type { Head } from "../../../lib/sealed/head.ts";
import { MOST_SALTS } from "../../../lib/sealed/key_questions.ts";
import type { SealedContent } from "../../../lib/sealed/message.ts";
import type { Receipt } from "../../../lib/sealed/receipt.ts";
import type { SaidBy } from "../../../lib/sealed/said_by.ts";
import { readSealed } from "../../../lib/sealed/sealed_text.ts";
import type { Hearing } from "./hearing.ts";
import type { KnownRoom } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import {
  messageOf,
  type Opened,
  openedOf,
  type ReadMessage,
  saidAt,
  type SealedMessage,
} from "./sealed_message.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** What a frame says that is no message. */
export interface ControlFrame {
  readonly kind: "e" | "f" | "j" | "l" | "n" | "q" | "r";
  readonly body: Uint8Array;
  readonly frame: SealedFrame;
}

export interface FrameOpenerOptions extends SealedOptions {
  readonly book: RoomBook;
  readonly hearing: Hearing;
  /** Rejects with a `Failure` where it could not be taken in: then it is given again. */
  readonly control: (room: KnownRoom, control: ControlFrame) => Promise<void>;
  /**
   * A message is sealed under a record that is not here. @param start of its hash, hex
   * @param namedBy its author, where he is a member and the record is newer than what is known here
   */
  readonly missing: (
    room: KnownRoom,
    start: string,
    namedBy: string | undefined,
  ) => void;
  /** One of our own came that this daemon did not send. */
  readonly ownStream: (head: Head) => void;
}

/** Opens what came for private rooms, in order, into the mailbox. */
export class FrameOpener {
  readonly #options: FrameOpenerOptions;
  /** Frames that were forged, not sealed, or of who is no member. */
  refused = 0;

  constructor(options: FrameOpenerOptions) {
    this.#options = options;
  }

  /** What could not be opened before this start may say that we are behind. @throws Failure FILE_TROUBLE */
  remember(room: KnownRoom): void {
    const { stored } = this.#options;
    for (const row of stored.sealedFrames.stuck(room.name)) {
      const message = "frame" in row ? messageOf(row) : null;
      if (message !== null) this.#keyFor(room, message);
    }
  }

  /** All that waits in a room. Rejects with a `Failure`; what was not taken in still waits then. */
  async run(name: string): Promise<void> {
    const { book, closed, stored } = this.#options;
    const room = await book.room(name);
    while (!closed.aborted) {
      const rows = stored.sealedFrames.next(name, MOST_SALTS);
      if (rows.length === 0) return;
      await this.#takeSome(room, rows);
    }
  }

  /** What messages say, without taking them in; undefined for one that can't be opened, is refused, or is none. */
  async read(
    name: string,
    frames: readonly SealedFrame[],
  ): Promise<(ReadMessage | undefined)[]> {
    const room = await this.#options.book.room(name);
    const messages = frames.map((frame, n) => messageOf({ n, frame }));
    const opened = await this.#openAll(
      room,
      messages.filter((one) => one !== null),
    );
    return messages.map((message, n) => {
      const one = opened.get(n);
      if (message === null || one?.is !== "opened") return undefined;
      const isRemoved = saidBy(room, message) === "removed";
      return { ...one, isRemoved };
    });
  }

  /** The messages up to the first that is none; where that is the first one, it alone. */
  async #takeSome(
    room: KnownRoom,
    rows: readonly Waiting[],
  ): Promise<void> {
    const messages: SealedMessage[] = [];
    for (const row of rows) {
      const message = "frame" in row ? messageOf(row) : null;
      if (message === null) {
        if (messages.length === 0) return await this.#takeOther(room, row);
        break;
      }
      messages.push(message);
    }
    const opened = await this.#openAll(room, messages);
    this.#store(room, messages, opened);
  }

  async #takeOther(room: KnownRoom, row: Waiting): Promise<void> {
    const { stored: { sealedFrames, mailbox, database }, control } =
      this.#options;
    if (!("frame" in row)) {
      return database.transaction(() => {
        mailbox.addGap(room.name, row.missing);
        sealedFrames.remove(row.n);
      });
    }
    const { frame } = row;
    const sealed = readSealed(frame.text);
    const kind = sealed.is === "sealed" ? sealed.kind : "m";
    if (sealed.is === "sealed" && kind !== "m" && kind !== "g") {
      await control(room, { kind, body: sealed.body, frame });
    } else if (sealed.is !== "newer") this.refused++;
    sealedFrames.remove(row.n);
  }

  async #openAll(
    room: KnownRoom,
    messages: readonly SealedMessage[],
  ): Promise<ReadonlyMap<number, Opened>> {
    const opened = new Map<number, Opened>();
    const byKey = new Map<string, SealedMessage[]>();
    for (const message of messages) {
      const kc = this.#keyFor(room, message);
      if (kc === "stuck" || kc === "refused") {
        opened.set(message.n, { is: kc });
        continue;
      }
      const others = byKey.get(kc);
      if (others === undefined) byKey.set(kc, [message]);
      else others.push(message);
    }
    for (const [kc, ofKey] of byKey) {
      for (let at = 0; at < ofKey.length; at += MOST_SALTS) {
        await this.#openWith(kc, ofKey.slice(at, at + MOST_SALTS), opened);
      }
    }
    return opened;
  }

  /** The commitment of a message's key; or why it is not opened. */
  #keyFor(
    room: KnownRoom,
    message: SealedMessage,
  ): string | "stuck" | "refused" {
    const { missing } = this.#options;
    const { frame, start } = message;
    const hash = start.epoch.toHex();
    const record = room.byStart(hash);
    const { inForce } = room;
    const isMember = inForce?.state.members.includes(frame.from) ?? false;
    if (record === undefined) {
      // A stranger can name what he wants.
      if (inForce !== undefined && !room.isKnownMember(frame.from)) {
        return "refused";
      }
      const isNewer = isMember && frame.verified &&
        (!frame.late || frame.timestamp > (inForce?.state.at ?? Infinity));
      missing(room, hash, isNewer ? frame.from : undefined);
      return "stuck";
    }
    const by = saidBy(room, message);
    if (by === undefined) return "stuck";
    // Who was removed may have said it before: what comes late is told as that.
    const isRefused = by === "nobody" || (by === "removed" && frame.live);
    return isRefused ? "refused" : record.kc;
  }

  async #openWith(
    kc: string,
    messages: readonly SealedMessage[],
    opened: Map<number, Opened>,
  ): Promise<void> {
    const { askKeys, book, verifier } = this.#options;
    const salts = messages.map(({ start }) => start.salt);
    const keys = await askKeys({ ask: "message_keys", kc, salts });
    messages.forEach((message, at) => {
      const key = keys?.[at];
      const { n, frame: { id, from, room } } = message;
      if (key === undefined) return opened.set(n, { is: "stuck" });
      const place = { room: book.place(room).wire, from, id };
      return opened.set(n, openedOf(message, place, { key, verifier }));
    });
  }

  /** In one transaction, in the order in which they came. */
  #store(
    room: KnownRoom,
    messages: readonly SealedMessage[],
    opened: ReadonlyMap<number, Opened>,
  ): void {
    const { stored: { database, sealedFrames }, arrivals } = this.#options;
    const heard = new Map(room.heard);
    const taken = database.transaction(() =>
      messages.flatMap(({ n, kind, frame }) => {
        const one: Opened = opened.get(n) ?? { is: "stuck" };
        if (one.is === "stuck" && kind === "m") {
          sealedFrames.stick(n);
          return [];
        }
        sealedFrames.remove(n);
        if (one.is === "opened") {
          return this.#add({ room, heard }, frame, one.content);
        }
        if (one.is === "refused") this.refused++;
        if (one.is === "receipt") this.#hearReceipt(frame, one.receipt);
        // A receipt without its key is lost: what was not told is not known.
        return [];
      })
    );
    for (const [author, one] of heard) {
      room.heard.delete(author);
      room.heard.set(author, one);
    }
    for (const message of taken) arrivals.arrived(message);
  }

  #hearReceipt({ room, from: reader }: SealedFrame, { marks }: Receipt): void {
    this.#options.receipts.note({ room, reader, marks });
  }

  #add(
    { room, heard }: {
      readonly room: KnownRoom;
      readonly heard: Map<string, Heard>;
    },
    frame: SealedFrame,
    content: SealedContent,
  ): ReceivedMessage[] {
    const { head, text } = content;
    const { me, stored: { mailbox, fileParts }, clock, ownStream } =
      this.#options;
    const { room: name, id, from, from_name, received_at } = frame;
    const timestamp = saidAt(frame, content);
    // A row that a relay gives without the frame's signature is as good as the frame, now that it is opened.
    const key = { from, id, verified: true };
    if (!frame.verified && mailbox.has(key)) return [];
    if (!frame.verified) mailbox.remember(key);
    fileParts.named(from, head.file, clock.wall());
    const wantsReceipt = this.#options.tellsReceipts &&
      head.wantsReceipt === true && from !== me.id;
    const message = {
      ...{ id, room: name, from, from_name, text, timestamp, received_at },
      ...{
        wantsReceipt,
        verified: true,
        late: frame.late,
        private: true as const,
      },
      ...defined({
        ...{
          seq: frame.seq,
          reply_to: head.replyTo,
          kind: head.kind,
          written_by: head.writtenBy,
          file: head.file,
        },
      }),
    };
    if (from === me.id) {
      ownStream(head);
      mailbox.addOpened(message, "own");
      return [];
    }
    this.#options.hearing.hear(room, heard, { from, head });
    return [mailbox.addOpened(message, "others")];
  }
}

/** Whose word a message is; undefined where its epoch is not known, or this agent was not let in yet. */
function saidBy(
  room: KnownRoom,
  { frame: { from, timestamp: at }, start }: SealedMessage,
): SaidBy | undefined {
  const record = room.byStart(start.epoch.toHex());
  const epoch = record === undefined ? undefined : room.epochs.get(record.hash);
  return epoch && room.saidBy({ from, epoch, at });
}
