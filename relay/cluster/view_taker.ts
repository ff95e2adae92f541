import { type Clock, sleep } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { BadCopy, VIEW_PIECE_BYTES } from "../view_copy/copy_port.ts";
import { NoViewTaken } from "./no_view_taken.ts";
import type { ViewBus } from "./view_bus.ts";
import type { ViewDisk, ViewDisks } from "./view_disk.ts";
import {
  parseViewWords,
  VIEW_SUBJECTS,
  type ViewFrame,
  writeViewWords,
} from "./view_frames.ts";
import { ViewQuestions } from "./view_questions.ts";

export interface ViewTakerOptions {
  readonly bus: ViewBus;
  readonly disks: ViewDisks;
  /** A new token each time: 8 to 64 letters and digits. */
  readonly token: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far it is; at each step. */
  readonly progress: (progress: TakingProgress) => void;
}

/** How far a copy has come. */
export interface TakingProgress {
  /** Whose; null while nobody offers one. */
  readonly node: string | null;
  readonly bytes: number;
  /** Null while it is made. */
  readonly size: number | null;
}

/** How long offers are waited for each time, and without any until it is given up; milliseconds. */
const OFFERED_WITHIN_MS = 1_000;
const GIVEN_UP_AFTER_MS = 20_000;
/** Between two looks whether a copy is made, in milliseconds. */
const LOOK_EVERY_MS = 500;
/** Pieces that are under way at most. */
const AHEAD = 4;
/** Copies that are begun in vain. */
const MOST_COPIES = 8;

/** Where a copy comes from. */
interface Source {
  readonly subject: string;
  readonly node: string;
  readonly made: Made;
}

type Offer = Extract<ViewFrame, { readonly type: "offer" }>;
type Made = Extract<ViewFrame, { readonly type: "made" }>;

/** Gets a copy of another relay's view, from one relay after the other until one came whole. */
export class ViewTaker {
  readonly #options: ViewTakerOptions;
  readonly #asker: string;
  readonly #questions: ViewQuestions;
  /** Relays whose copies did not come: others are asked before them. */
  readonly #failed = new Set<string>();
  #isStopped = false;

  constructor(options: ViewTakerOptions) {
    this.#options = options;
    this.#asker = options.token();
    this.#questions = new ViewQuestions(options);
  }

  /**
   * Gets it onto the disk, whole, sound and of that log, for the next start.
   *
   * @returns the log's last place that is in it.
   * @throws NoViewTaken.
   */
  async take(log: string): Promise<number> {
    const { clock, logger } = this.#options;
    let heardAt = clock.monotonic();
    for (let begun = 0;;) {
      const offer = await this.#offer(log);
      if (this.#isStopped) throw new NoViewTaken("it was stopped");
      if (offer !== null) heardAt = clock.monotonic();
      if (offer !== null && offer.type === "offer") {
        const reason = await this.#from(offer, log);
        if (typeof reason === "number") return reason;
        const { node } = offer;
        logger.warn("a copy of another relay's view did not come", {
          node,
          reason,
        });
        this.#failed.add(node);
        if (++begun === MOST_COPIES) throw new NoViewTaken(reason);
      } else if (clock.monotonic() - heardAt >= GIVEN_UP_AFTER_MS) {
        throw new NoViewTaken("no relay that serves offered it");
      }
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#questions.stop();
  }

  /** The first offer of a relay whose copies came so far; at the end of its time what there is besides. */
  #offer(
    log: string,
  ): Promise<Extract<ViewFrame, { readonly type: "offer" | "busy" }> | null> {
    const { bus, clock, token, progress } = this.#options;
    progress({ node: null, bytes: 0, size: null });
    const to = VIEW_SUBJECTS.to(token());
    return new Promise((resolve) => {
      let other: Offer | Extract<ViewFrame, { type: "busy" }> | null = null;
      const end = (answer: typeof other) => {
        timer.cancel();
        silence();
        resolve(answer);
      };
      const silence = bus.hear(to, (bytes) => {
        const frame = parseViewWords(bytes)?.frame;
        if (frame?.type === "busy") other ??= frame;
        if (frame?.type !== "offer") return;
        if (this.#failed.has(frame.node)) other = frame;
        else end(frame);
      });
      const timer = clock.after(OFFERED_WITHIN_MS, () => end(other));
      const want = { type: "want", log, asker: this.#asker } as const;
      bus.say(VIEW_SUBJECTS.want, writeViewWords(want), to);
    });
  }

  /** @returns the log's last place in it; a text with why it did not come */
  async #from({ at, node }: Offer, log: string): Promise<number | string> {
    const { disks, bus } = this.#options;
    const { disk, giveBack } = disks.borrow();
    const subject = VIEW_SUBJECTS.at(at);
    try {
      const made = await this.#made(subject, node);
      const close = { type: "close", copy: made.copy } as const;
      try {
        await this.#pull(disk, { subject, node, made });
        return await own(disk.finish(made.sha256, log), made);
      } finally {
        bus.say(subject, writeViewWords(close));
      }
    } catch (error) {
      const reason = await dropped(disk, (error as Error).message);
      if (error instanceof NoViewTaken) {
        throw new NoViewTaken(reason, error.fix);
      }
      return reason;
    } finally {
      giveBack();
    }
  }

  /** Waits until the copy is made. */
  async #made(subject: string, node: string): Promise<Made> {
    const { clock, progress } = this.#options;
    progress({ node, bytes: 0, size: null });
    const open = { type: "open", asker: this.#asker } as const;
    for (;;) {
      const { frame } = await this.#questions.ask({
        subject,
        frame: open,
        fits: ({ frame }) => frame.type === "making" || frame.type === "made",
      });
      if (frame.type === "made") return frame;
      await sleep(clock, LOOK_EVERY_MS);
    }
  }

  /** Some pieces are asked for ahead, so that the way there and back counts less; they are written in their order. */
  async #pull(disk: ViewDisk, source: Source): Promise<void> {
    const { node, made } = source;
    const { size } = made;
    // Why one did not come is told in its turn: nobody may be waiting for it before that.
    const asked: Promise<Uint8Array | Error>[] = [];
    let next = 0;
    await own(disk.begin(), made);
    try {
      for (let bytes = 0; bytes < size;) {
        for (; asked.length < AHEAD && next < size; next += VIEW_PIECE_BYTES) {
          asked.push(this.#piece(source, next).catch((error: Error) => error));
        }
        const piece = await asked[0] as Uint8Array | Error;
        asked.shift();
        if (piece instanceof Error) throw piece;
        await own(disk.write(piece), made);
        bytes += piece.length;
        this.#options.progress({ node, bytes, size });
      }
    } finally {
      await Promise.all(asked);
    }
  }

  async #piece(
    { subject, made: { copy, size } }: Source,
    offset: number,
  ): Promise<Uint8Array> {
    const length = Math.min(VIEW_PIECE_BYTES, size - offset);
    const { bytes } = await this.#questions.ask({
      subject,
      frame: { type: "read", copy, offset },
      fits: ({ frame, bytes }) =>
        frame.type === "piece" && frame.copy === copy &&
        frame.offset === offset && bytes.length === length,
    });
    return bytes;
  }
}

/** What this relay's own disk does not take no other copy mends. */
async function own<T>(done: Promise<T>, { size }: Made): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof BadCopy) throw error;
    throw new NoViewTaken(
      `it can't be written: ${(error as Error).message}`,
      `see that this relay's data dir has room for ${size} bytes beside the view that is there, and can be written, then start it again`,
    );
  }
}

/** Nothing is left of what came. @returns the reason, and where that is not so it too */
async function dropped(disk: ViewDisk, reason: string): Promise<string> {
  try {
    await disk.drop();
    return reason;
  } catch (error) {
    return `${reason}; ${(error as Error).message}`;
  }
}
