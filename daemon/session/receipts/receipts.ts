import type { Clock, Timer } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import type { ReceiptPolicy } from "../../../lib/local_api/receipt_policy.ts";
import { MOST_DUE, type WantedReceipt } from "../../mailbox/wanted_receipts.ts";
import type { People } from "../read/people.ts";
import type { StoredState } from "../stored_state.ts";
import type { ReceiptWay, ReceiptWays } from "./receipt_ways.ts";
import { firstOf, marksOf } from "./told_marks.ts";

export interface ReceiptsOptions {
  readonly policy: ReceiptPolicy;
  readonly stored: Pick<StoredState, "mailbox" | "database" | "failed">;
  readonly ways: Pick<ReceiptWays, "of">;
  readonly people: Pick<People, "isMuted">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What comes within so long is told at once; then nothing for the longer time. Milliseconds. */
const GATHER_MS = 1_000;
const PAUSE_MS = 10_000;
/** Receipts that the relay counts as messages go out so many a minute in all: the rest of its bound is for messages. */
const MOST_MESSAGES = 15;
const MINUTE_MS = 60_000;

/**
 * What becomes of messages: told to authors who ask for it, at most one frame a room each ten seconds. Nothing is told of
 * what is told.
 */
export class Receipts {
  readonly #options: ReceiptsOptions;
  #timer: Timer | undefined;
  #telling = Promise.resolve();
  #isClosed = false;
  /** Monotonic: before that nothing more is told. */
  #notBefore = 0;
  /** Monotonic times of the last ones that were messages. */
  #messages: number[] = [];

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** Something came, or was read, or there is a connection again: there may be something to tell. */
  changed(): void {
    const { clock } = this.#options;
    if (this.#isClosed || this.#timer !== undefined) return;
    const left = this.#notBefore - clock.monotonic();
    this.#timer = clock.after(Math.max(GATHER_MS, left), () => {
      this.#timer = undefined;
      this.#telling = this.#telling.then(() => this.#tell());
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** One room after the other, whose oldest waits longest first. Never rejects. */
  async #tell(): Promise<void> {
    const { policy, clock, stored } = this.#options;
    try {
      // What was shown while nothing is to be told is not told once it is again, either.
      if (policy === "off") return stored.mailbox.receipts.clear();
      const rooms = stored.mailbox.receipts.rooms();
      if (rooms.length === 0) return;
      this.#notBefore = clock.monotonic() + PAUSE_MS;
      for (const room of rooms) {
        if (this.#isClosed) return;
        await this.#tellRoom(room);
      }
    } catch (error) {
      if (!this.#isClosed) stored.failed(Failure.from(error));
    }
  }

  /** Rejects with FILE_TROUBLE alone. */
  async #tellRoom(name: string): Promise<void> {
    const { ways, logger, stored } = this.#options;
    try {
      const way = await ways.of(name);
      if (this.#isClosed || way === "later") return;
      const all = stored.mailbox.receipts.due(name);
      if (way === "never") {
        this.#write([], { silent: all, isReplaced: false });
      } else {
        await this.#tellBy(way, all);
      }
      if (all.length === MOST_DUE) this.changed();
    } catch (error) {
      const failure = Failure.from(error);
      if (failure.code === "FILE_TROUBLE") throw failure;
      // It was not signed before the line went; it is told when there is another.
      logger.debug("receipts wait", { reason: failure.message });
    }
  }

  async #tellBy(
    way: ReceiptWay,
    all: readonly WantedReceipt[],
  ): Promise<void> {
    const { people, policy } = this.#options;
    const heard = all.filter(({ author }) => !people.isMuted(author));
    const isHeard = new Set(heard);
    const silent = all.filter((one) => !isHeard.has(one));
    const told = firstOf(heard, way.mostIdBytes);
    const isTold = told.length === 0 ||
      (this.#mayTell(way) &&
        await way.tell(marksOf(this.#withAgain(way, told), policy)));
    if (this.#isClosed) return;
    this.#write(isTold ? told : [], { silent, isReplaced: way.isReplaced });
    if (!isTold || told.length < heard.length) this.changed();
  }

  /** Where it takes the place of what was told before, that is told again. @throws Failure FILE_TROUBLE */
  #withAgain(
    { isReplaced, mostIdBytes }: ReceiptWay,
    told: readonly WantedReceipt[],
  ): readonly WantedReceipt[] {
    const [first] = told;
    if (!isReplaced || first === undefined) return told;
    const isNew = new Set(told.map(({ cursor }) => cursor));
    const again = this.#options.stored.mailbox.receipts.told(first.room)
      .filter(({ cursor }) => !isNew.has(cursor));
    return firstOf([...told, ...again], mostIdBytes);
  }

  #mayTell({ isMessage }: ReceiptWay): boolean {
    if (!isMessage) return true;
    const now = this.#options.clock.monotonic();
    this.#messages = this.#messages.filter((at) => now - at < MINUTE_MS);
    if (this.#messages.length >= MOST_MESSAGES) return false;
    this.#messages.push(now);
    return true;
  }

  /** What was told is told once; where it was lost on the line, it is not known. @throws Failure FILE_TROUBLE */
  #write(
    told: readonly WantedReceipt[],
    { silent, isReplaced }: {
      readonly silent: readonly WantedReceipt[];
      readonly isReplaced: boolean;
    },
  ): void {
    const { stored: { database, mailbox: { receipts } }, policy } =
      this.#options;
    database.transaction(() => {
      for (const { cursor } of silent) receipts.remove(cursor);
      for (const one of told) {
        const isDone = one.isShown || policy === "delivered";
        if (!isDone) receipts.delivered(one.cursor);
        else if (isReplaced) receipts.finish(one);
        else receipts.remove(one.cursor);
      }
    });
  }
}
