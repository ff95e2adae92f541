import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { NoViewTaken } from "./no_view_taken.ts";
import type { ViewBus } from "./view_bus.ts";
import type { ViewDisks } from "./view_disk.ts";
import { ViewGiver } from "./view_giver.ts";
import { type TakingProgress, ViewTaker } from "./view_taker.ts";

export interface ViewExchangeOptions {
  readonly node: string;
  readonly disks: ViewDisks;
  readonly clock: Clock;
  readonly log: Logger;
  /** How far a copy for this relay is. */
  readonly taking: (progress: TakingProgress) => void;
}

/** Copies taken without that this relay came to serve, after which the log is cut faster than they come. */
const MOST_TAKEN = 3;
/** Between two lines of the log about a copy on its way, in milliseconds. */
const TOLD_EVERY_MS = 10_000;

/** A relay's exchange of views with others: it gives copies of its own while it serves, and takes one where it has to. */
export class ViewExchange {
  readonly #options: ViewExchangeOptions;
  #place: { readonly log: string; readonly bus: ViewBus } | null = null;
  #isServing = false;
  #giver: ViewGiver | null = null;
  #taker: ViewTaker | null = null;
  #taken = 0;
  #toldAt = -Infinity;

  constructor(options: ViewExchangeOptions) {
    this.#options = options;
  }

  /** Which log this relay follows, and the way to the others. */
  follows(log: string, bus: ViewBus): void {
    this.#place ??= { log, bus };
    this.#give();
  }

  serves(isServing: boolean): void {
    this.#isServing = isServing;
    if (isServing) this.#taken = 0;
    this.#give();
  }

  /**
   * Gets a copy of another relay's view of the log that is followed.
   *
   * @returns whether it is there now; false where it is on its way already.
   * @throws NoViewTaken.
   */
  async take(): Promise<boolean> {
    if (this.#place === null || this.#taker !== null) return false;
    if (++this.#taken > MOST_TAKEN) {
      throw new NoViewTaken(
        `the log's beginning went faster than ${MOST_TAKEN} copies came`,
        "make the log larger (nats stream edit AN --max-bytes), then start this relay again",
      );
    }
    // What it has is too old for others, too, and its disk is for one copy at a time.
    this.#isServing = false;
    this.#give();
    const { log: logger } = this.#options;
    const { log, bus } = this.#place;
    logger.warn("the log's beginning is gone: another relay's view is taken");
    const taker = this.#taker = new ViewTaker({
      ...{ ...this.#options, bus, token, logger },
      progress: (progress) => this.#progress(progress),
    });
    try {
      const position = await taker.take(log);
      logger.info("another relay's view is taken", { position });
      return true;
    } finally {
      this.#taker = null;
    }
  }

  stop(): void {
    this.serves(false);
    this.#taker?.stop();
  }

  #give(): void {
    if (!this.#isServing) {
      this.#giver?.stop();
      this.#giver = null;
    } else if (this.#giver === null && this.#place !== null) {
      const { log: logger } = this.#options;
      this.#giver = new ViewGiver({
        ...{ ...this.#options, ...this.#place, token, logger },
      });
    }
  }

  #progress(progress: TakingProgress): void {
    this.#options.taking(progress);
    const { node, bytes, size } = progress;
    const now = this.#options.clock.monotonic();
    if (node === null || now - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = now;
    const of = size ?? undefined;
    this.#options.log.info("another relay's view comes in", {
      ...{ node, bytes, of },
    });
  }
}

function token(): string {
  return crypto.randomUUID().replaceAll("-", "");
}
