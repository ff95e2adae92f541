import type { Clock, Timer } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { ViewBus } from "./view_bus.ts";
import type { ViewDisk, ViewDisks } from "./view_disk.ts";
import {
  MOST_REASON,
  parseViewWords,
  VIEW_SUBJECTS,
  type ViewFrame,
  writeViewWords,
} from "./view_frames.ts";

export interface ViewGiverOptions {
  readonly bus: ViewBus;
  readonly disks: ViewDisks;
  readonly node: string;
  /** The log that this relay follows. */
  readonly log: string;
  /** A new token each time: 8 to 64 letters and digits. */
  readonly token: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A copy goes when nobody asked for anything of it for so long, in milliseconds. */
const IDLE_MS = 30_000;

/** Pieces that are read at the same time; more are asked for once more. */
const MOST_READS = 8;

/** The one copy that is given, or made, just now. */
interface Giving {
  readonly asker: string;
  /** Names it. */
  readonly copy: string;
  readonly disk: ViewDisk;
  readonly giveBack: () => void;
  /** Null while it is made. */
  made: { readonly size: number; readonly sha256: string } | null;
  /** Why there will be none; null unless that is so. */
  failure: string | null;
  idle: Timer;
  /** Pieces that are read just now. */
  reads: number;
}

/** Gives other relays copies of this one's view, one at a time, as long as it serves. */
export class ViewGiver {
  readonly #options: ViewGiverOptions;
  readonly #at: string;
  readonly #silence: (() => void)[] = [];
  #giving: Giving | null = null;

  constructor(options: ViewGiverOptions) {
    this.#options = options;
    this.#at = options.token();
    const { bus } = options;
    const { want, at } = VIEW_SUBJECTS;
    this.#silence.push(
      bus.hear(want, (bytes, reply) => this.#heardWant(bytes, reply)),
      bus.hear(at(this.#at), (bytes, reply) => this.#heard(bytes, reply)),
    );
  }

  /** It gives none from now on: what is under way is of a view that is perhaps not what others have. */
  stop(): void {
    for (const silence of this.#silence.splice(0)) silence();
    this.#end("it does not serve any more");
  }

  #heardWant(bytes: Uint8Array, reply: string): void {
    const frame = parseViewWords(bytes)?.frame;
    const { node, log } = this.#options;
    if (frame?.type !== "want" || frame.log !== log) return;
    const isFree = this.#giving === null || this.#giving.asker === frame.asker;
    this.#answer(
      reply,
      isFree ? { type: "offer", node, at: this.#at } : { type: "busy", node },
    );
  }

  #heard(bytes: Uint8Array, reply: string): void {
    const frame = parseViewWords(bytes)?.frame;
    if (frame?.type === "open") this.#open(frame.asker, reply);
    else if (frame?.type === "read") void this.#read(frame, reply);
    else if (frame?.type === "close" && frame.copy === this.#giving?.copy) {
      this.#end("it was taken");
    }
  }

  #open(asker: string, reply: string): void {
    if (this.#giving !== null && this.#giving.asker !== asker) {
      const reason = "it gives another relay its view";
      return this.#answer(reply, { type: "failed", reason });
    }
    const giving = this.#giving ?? this.#begin(asker);
    this.#touched(giving);
    const { copy, made, failure } = giving;
    if (failure !== null) {
      this.#answer(reply, { type: "failed", reason: failure });
      return this.#end(failure);
    }
    this.#answer(
      reply,
      made === null ? { type: "making" } : { type: "made", copy, ...made },
    );
  }

  #begin(asker: string): Giving {
    const { disks, token, logger } = this.#options;
    const giving: Giving = this.#giving = {
      ...{ asker, copy: token(), ...disks.borrow() },
      ...{ made: null, failure: null, reads: 0 },
      idle: { cancel() {} },
    };
    logger.info("a copy of the view is made for another relay");
    giving.disk.make().then(
      ({ size, sha256 }) => {
        giving.made = { size, sha256 };
      },
      (error: Error) => {
        giving.failure = this.#told(error);
      },
    );
    return giving;
  }

  async #read(
    { copy, offset }: Extract<ViewFrame, { readonly type: "read" }>,
    reply: string,
  ): Promise<void> {
    const giving = this.#giving;
    if (giving?.copy !== copy || giving.made === null) {
      const reason = "there is no such copy any more";
      return this.#answer(reply, { type: "failed", reason });
    }
    this.#touched(giving);
    // It is asked again for what was not answered.
    if (giving.reads >= MOST_READS || offset >= giving.made.size) return;
    giving.reads++;
    try {
      const bytes = await giving.disk.read(offset);
      this.#answer(reply, { type: "piece", copy, offset }, bytes);
    } catch (error) {
      if (giving === this.#giving) this.#end(this.#told(error as Error));
    } finally {
      giving.reads--;
    }
  }

  #touched(giving: Giving): void {
    giving.idle.cancel();
    giving.idle = this.#options.clock.after(
      IDLE_MS,
      () => this.#end("nobody asked for it any more"),
    );
  }

  #told({ message: reason }: Error): string {
    this.#options.logger.warn("a copy of the view can't be given", { reason });
    return reason.slice(0, MOST_REASON);
  }

  #end(reason: string): void {
    const giving = this.#giving;
    if (giving === null) return;
    this.#giving = null;
    giving.idle.cancel();
    this.#options.logger.info("the copy of the view is removed", { reason });
    giving.disk.drop().catch((error: Error) =>
      this.#options.logger.warn("a copy of the view can't be removed", {
        reason: error.message,
      })
    ).finally(giving.giveBack);
  }

  #answer(reply: string, frame: ViewFrame, bytes?: Uint8Array): void {
    // Nobody makes it say something anywhere else, as in the log.
    if (!reply.startsWith(VIEW_SUBJECTS.to(""))) return;
    this.#options.bus.say(reply, writeViewWords(frame, bytes));
  }
}
