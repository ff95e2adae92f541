import { defined } from "../../../lib/defined.ts";
import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import { isAgentId } from "../../../lib/protocol/agent_id.ts";
import type {
  DeliveredDirect,
  DirectRef,
} from "../../../lib/protocol/direct_frames.ts";
import type {
  DeliveredMessage,
  RawObject,
} from "../../../lib/protocol/frames.ts";
import { DIRECT, WIRE } from "../../../lib/protocol/limits.ts";
import { isMessageId } from "../../../lib/protocol/message_id.ts";
import { cutToBytes, utf8Bytes } from "../../../lib/protocol/names.ts";
import { deliveredBytes } from "../../../lib/protocol/signing.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import { isFilePart, readFilePart } from "../../../lib/sealed/file_part.ts";
import { readSealed } from "../../../lib/sealed/sealed_text.ts";
import type { Arrivals } from "../read/arrivals.ts";
import type { People } from "../read/people.ts";
import type { Reconnect } from "../reconnect.ts";
import { SoonestTimer } from "../soonest_timer.ts";
import type { StoredState } from "../stored_state.ts";
import type { HeardReceipts } from "../receipts/heard_receipts.ts";
import type {
  OpenedReceipt,
  OpenedWord,
  PairSealer,
  SealedWord,
} from "./pair_sealer.ts";
import type { TalkHearing } from "./talk_hearing.ts";
import type { Talks } from "./talks.ts";

export interface DirectInboxOptions {
  readonly me: string;
  readonly stored: StoredState;
  readonly talks: Talks;
  readonly sealer: Pick<PairSealer, "open">;
  readonly hearing: Pick<TalkHearing, "hear" | "begin">;
  readonly verifier: Verifier;
  /** Told of each receipt that was opened. */
  readonly receipts: Pick<HeardReceipts, "note">;
  /** Whether authors are told what becomes of their messages. */
  readonly tellsReceipts: boolean;
  readonly people: Pick<People, "isMuted">;
  readonly arrivals: Pick<Arrivals, "arrived">;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/** A message to this agent alone, whichever way it came. */
interface Word extends SealedWord {
  /** A claim. */
  readonly fromName: string;
  readonly timestamp: number;
  readonly receivedAt: number;
  /** It was said while we were away. */
  readonly late: boolean;
  /** As it came: what its signature covers. */
  readonly raw: RawObject;
  /** Whether its relay keeps it until it is told that it is had. */
  readonly isKept: boolean;
}

/** Messages that wait to be opened; what a relay sends beyond that comes again with the next login. */
const MOST_WAITING = 1_000;
/** What is had is told together, after so long: 100 times a minute, of which a relay takes 120; milliseconds. */
const ACK_MS = 600;

/**
 * What one agent says to this one alone: checked, opened, put on disk, and only then taken off the relay. What could not
 * be written is not acknowledged, and comes again.
 */
export class DirectInbox {
  readonly #options: DirectInboxOptions;
  #running = Promise.resolve();
  #waiting = 0;
  /** By author and id: one that comes again and again is told once. */
  readonly #had = new Map<string, DirectRef>();
  readonly #timer: SoonestTimer;
  /** Messages that were forged, or not for this agent. */
  refused = 0;

  constructor(options: DirectInboxOptions) {
    this.#options = options;
    const { clock, closed } = options;
    const due = () =>
      void this.#tellNow().catch((error) => this.#failed(error));
    this.#timer = new SoonestTimer({ clock, closed, due });
  }

  /** One that the relay keeps. @param raw the object just as it came: what the signature covers */
  take(frame: DeliveredDirect, raw: RawObject): void {
    if (!this.#isSound(frame, raw)) this.refused++;
    else {
      this.#queue(this.#wordOf(frame, { raw, late: false, isKept: true }));
    }
  }

  /** One that was said in the room of its author and this agent; what proves it is sealed in it. */
  said(
    frame: DeliveredMessage,
    way: Pick<Word, "late" | "raw">,
  ): void {
    if (isMessageId(frame.id)) {
      this.#queue(this.#wordOf(frame, { ...way, isKept: false }));
    } else this.refused++;
  }

  #queue(word: Word): void {
    if (this.#waiting >= MOST_WAITING) {
      this.refused++;
      return;
    }
    this.#waiting++;
    this.#running = this.#running.then(async () => {
      try {
        await this.#open(word);
      } catch (error) {
        this.#failed(error);
      } finally {
        this.#waiting--;
      }
    });
  }

  /** There is a connection: its relay is told whom this agent knows, and what it has, which may have come before this. */
  connected(): void {
    this.tell();
  }

  /** Tells the relay now who is known: what that one says next is no stranger's. Where it can't be told, it is later. */
  async tellKnown(): Promise<void> {
    try {
      await this.#tellNow();
    } catch (error) {
      this.#failed(error);
      this.tell();
    }
  }

  /** Tells the relay soon what is had, and who is known. */
  tell(): void {
    this.#timer.within(ACK_MS);
  }

  #isSound(frame: DeliveredDirect, raw: RawObject): boolean {
    const { me, verifier } = this.#options;
    const { from, to, id, signature, content: { text } } = frame;
    return to === me && from !== me && isAgentId(from) && isMessageId(id) &&
      utf8Bytes(text) <= WIRE.agentFrameBytes &&
      verifier.verify(from, signature, deliveredBytes(raw));
  }

  #wordOf(
    frame: DeliveredDirect | DeliveredMessage,
    way: Pick<Word, "late" | "isKept" | "raw">,
  ): Word {
    const { from, id, content: { text }, timestamp } = frame;
    const { from_name = "", received_at = this.#options.clock.wall() } = frame;
    return {
      ...{ from, id, text, timestamp, ...way },
      fromName: cutToBytes(from_name, WIRE.displayName * 4),
      receivedAt: received_at,
    };
  }

  async #open(word: Word): Promise<void> {
    const { stored, sealer, talks, people, closed } = this.#options;
    const { from, id, isKept } = word;
    if (!isKept && isFilePart(word.text)) return this.#takePart(word);
    let isTaken = true;
    const isHad = () => stored.mailbox.has({ from, id, verified: true });
    if (!closed.aborted && !isHad()) {
      const opened = await sealer.open(word);
      if (closed.aborted) return;
      if (opened === null) this.refused++;
      else if ("receipt" in opened) this.#hearReceipt(from, opened);
      else if (talks.isKnown(from)) await this.#receive(word, opened);
      else if (!people.isMuted(from)) isTaken = this.#hold(word, opened);
    }
    if (closed.aborted || !isKept || !isTaken) return;
    // What is not told comes again with the next login.
    if (this.#had.size >= MOST_WAITING) return;
    this.#had.set(`${from} ${id}`, { from, id });
    this.tell();
  }

  /** Of one who is known, in the pair's room. @throws Failure FILE_TROUBLE */
  #takePart({ from, text }: Word): void {
    const { stored, talks, clock, closed } = this.#options;
    if (closed.aborted) return;
    const sealed = readSealed(text);
    const part = sealed.is === "sealed" ? readFilePart(sealed.body) : null;
    if (part === null || !talks.isKnown(from)) this.refused++;
    else stored.fileParts.take(from, part, clock.wall());
  }

  /** Of one who is known: nobody else was asked for it. */
  #hearReceipt(reader: string, { receipt: { marks } }: OpenedReceipt): void {
    const { stored: { database, peers }, receipts } = this.#options;
    const room = peers.of(reader)?.name;
    if (room === undefined) return;
    database.durably(() => receipts.note({ room, reader, marks }));
  }

  async #receive(word: Word, { head, text, wire }: OpenedWord): Promise<void> {
    const { stored, hearing, talks, arrivals, closed, tellsReceipts } =
      this.#options;
    const { database, mailbox, fileParts } = stored;
    const { from, id, fromName, timestamp, receivedAt, late } = word;
    const { name: room } = await talks.with(from, fromName);
    if (closed.aborted) return;
    const wantsReceipt = tellsReceipts && head.wantsReceipt === true;
    const message = database.durably(() => {
      hearing.hear({ from, wire }, head);
      fileParts.named(from, head.file, this.#options.clock.wall());
      stored.talkFrames.save(word, JSON.stringify(word.raw));
      return mailbox.add({
        ...{ id, room, from, from_name: fromName, text },
        ...{ timestamp, received_at: receivedAt },
        ...{ verified: true, late, private: true, wantsReceipt },
        ...defined({
          ...{ reply_to: head.replyTo, kind: head.kind },
          written_by: head.writtenBy,
          file: head.file,
        }),
      });
    });
    if (message !== null) arrivals.arrived(message);
  }

  /**
   * Of one who is not known: one message of 2 KB waits.
   *
   * @returns false where too many wait: its relay keeps it, and tells its author when it takes no more either
   */
  #hold(word: Word, { head, text, wire }: OpenedWord): boolean {
    const { hearing, stored } = this.#options;
    const { database, mailbox, requests, talkFrames } = stored;
    const { from, id, fromName, timestamp, receivedAt } = word;
    if (utf8Bytes(text) > DIRECT.requestTextBytes) {
      this.refused++;
      return true;
    }
    if (requests.of(from) === undefined && requests.isFull()) return false;
    database.durably(() => {
      mailbox.remember({ from, id, verified: true });
      const isKept = requests.add({
        ...{ from, id, from_name: fromName, text, timestamp },
        ...{ received_at: receivedAt },
        ...defined({ kind: head.kind, file: head.file }),
      });
      if (!isKept) return;
      hearing.begin({ from, wire }, head);
      talkFrames.save(word, JSON.stringify(word.raw));
    });
    return true;
  }

  async #tellNow(): Promise<void> {
    const { reconnect: { connection }, stored: { peers } } = this.#options;
    if (connection === undefined || !connection.features.has("direct")) return;
    const told = [...this.#had].slice(0, DIRECT.acked);
    for (const [key] of told) this.#had.delete(key);
    const messages = told.map(([, ref]) => ref);
    const knows = peers.untold(DIRECT.acked);
    if (messages.length === 0 && knows.length === 0) return;
    // What is lost on the way comes again with the next login.
    await connection.directAck({ messages, knows });
    peers.told(knows);
    if (this.#had.size > 0 || knows.length === DIRECT.acked) this.tell();
  }

  #failed(error: unknown): void {
    const { stored, log, closed } = this.#options;
    if (closed.aborted) return;
    const failure = Failure.from(error);
    if (failure.code === "FILE_TROUBLE") stored.failed(failure);
    log.warn("direct message", { reason: failure.message });
  }
}
