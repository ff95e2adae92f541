import type { Clock, Timer } from "../clock.ts";
import type { TransportEnd, TransportEvents } from "./transport.ts";

/** How long frames are read on end before others of this thread get a turn; milliseconds. */
const SLICE_MS = 2;
/** Characters of frames that wait their turn; past that they go by unread. */
const MOST_WAITING = 8 * 1024 * 1024;
/** What a frame that waits takes beside its text. */
const FRAME_REST = 200;

type Waiting =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: "binary" | "too large" }
  | { readonly kind: "overrun" }
  | { readonly kind: "ended"; readonly end: TransportEnd };

/**
 * Passes a transport's events on, in order, in slices of a few milliseconds: the runtime reads a socket as long as it
 * has something, so a relay that floods would keep the thread, and whoever else it serves, for seconds.
 */
export class PacedEvents implements TransportEvents {
  readonly #events: TransportEvents;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #waiting: Waiting[] = [];
  /** Place of the next one in {@link #waiting}. */
  #next = 0;
  #size = 0;
  /** Of the slice that runs; milliseconds. */
  #left = SLICE_MS;
  #timer: Timer | undefined;
  #isStopped = false;

  /** @param options.failed called with what the receiver of an event threw. */
  constructor(
    events: TransportEvents,
    options: {
      readonly clock: Clock;
      readonly failed: (error: unknown) => void;
    },
  ) {
    this.#events = events;
    this.#clock = options.clock;
    this.#failed = options.failed;
  }

  text(text: string): void {
    if (this.#size > MOST_WAITING) return this.overrun();
    this.#take({ kind: "text", text });
  }

  refused(reason: "binary" | "too large"): void {
    if (reason === "binary" && this.#size > MOST_WAITING) return this.overrun();
    this.#take({ kind: "refused", reason });
  }

  /** Nothing more is passed on. */
  stop(): void {
    this.#timer?.cancel();
    this.#waiting = [];
    this.#next = 0;
    this.#size = 0;
    this.#isStopped = true;
  }

  overrun(): void {
    // One at the end of what waits tells of all that went by since.
    if (this.#waiting.at(-1)?.kind !== "overrun") {
      this.#take({ kind: "overrun" });
    }
  }

  ended(end: TransportEnd): void {
    this.#take({ kind: "ended", end });
  }

  #take(one: Waiting): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#clock.after(0, () => this.#slice());
    if (this.#left > 0 && this.#next === this.#waiting.length) {
      return this.#pass(one);
    }
    this.#waiting.push(one);
    this.#size += sizeOf(one);
  }

  /** A new turn of the event loop: as much of what waits as fits into a slice. */
  #slice(): void {
    this.#timer = undefined;
    this.#left = SLICE_MS;
    while (this.#left > 0) {
      const one = this.#waiting[this.#next];
      if (one === undefined) break;
      this.#next++;
      this.#size -= sizeOf(one);
      this.#pass(one);
    }
    if (this.#isStopped) return;
    // What was passed on is let go of at once: a flood may never let the line run empty.
    this.#waiting = this.#waiting.slice(this.#next);
    this.#next = 0;
    if (this.#waiting.length > 0) {
      this.#timer ??= this.#clock.after(0, () => this.#slice());
    }
  }

  #pass(one: Waiting): void {
    const began = this.#clock.monotonic();
    try {
      this.#tell(one);
    } catch (error) {
      this.#failed(error);
    }
    this.#left -= this.#clock.monotonic() - began;
  }

  #tell(one: Waiting): void {
    switch (one.kind) {
      case "text":
        return this.#events.text(one.text);
      case "refused":
        return this.#events.refused(one.reason);
      case "overrun":
        return this.#events.overrun();
      case "ended":
        return this.#events.ended(one.end);
      default:
        one satisfies never;
    }
  }
}

function sizeOf(one: Waiting): number {
  return one.kind === "text" ? one.text.length + FRAME_REST : FRAME_REST;
}
