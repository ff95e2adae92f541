import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../../lib/clock.ts";

interface Waiting {
  readonly due: number;
  readonly action: () => void;
}

/** Lets every promise that can settle without time or IO settle: a few turns of the event loop. */
export async function settle(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** A clock that a test turns by hand. */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 1_000;
  #waiting: Waiting[] = [];

  /** @param wall milliseconds since 1970 at the start. */
  constructor(wall = 1_800_000_000_000) {
    this.#wall = wall;
  }

  wall(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, action: () => void): Timer {
    const entry = { due: this.#monotonic + Math.max(0, ms), action };
    this.#waiting.push(entry);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
      },
    };
  }

  /** Timers not yet run or cancelled: a test that ends with some has found a leak. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Milliseconds until the next timer, or undefined. */
  get nextInMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.due - this.#monotonic;
  }

  /** Moves the wall clock alone, as a correction of the host's time does. */
  jumpWall(ms: number): void {
    this.#wall += ms;
  }

  /** Goes on by so many milliseconds; runs each timer at its time, and settles promises before and after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.due > end) break;
      this.#moveTo(next.due);
      this.#waiting = this.#waiting.filter((other) => other !== next);
      next.action();
      await settle();
    }
    this.#moveTo(end);
    await settle();
  }

  /** The earliest timer; of two due together, the one set first. */
  #next(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const entry of this.#waiting) {
      if (first === undefined || entry.due < first.due) first = entry;
    }
    return first;
  }

  #moveTo(time: number): void {
    this.#wall += time - this.#monotonic;
    this.#monotonic = time;
  }
}
