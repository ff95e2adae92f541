import { percentile } from "../../../tests/fakes/process_figures.ts";
import { pause } from "../../../tests/scenarios/crowd.ts";
import type { RawLine } from "./raw_line.ts";
import { FrameWalk } from "./wire_bytes.ts";

/** How long what was sent may take before what is missing counts as lost, in milliseconds. */
const PATIENCE_MS = 60_000;

/** What came of messages that were sent. */
export interface Counted {
  readonly deliveries: number;
  /** From the first sending to the last byte. */
  readonly seconds: number;
  /** From a message's sending to its last byte, over all deliveries; milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly bytes: number;
}

/** When bytes came: the total after each reading, and the time. */
interface Arrivals {
  total: number;
  readonly totals: number[];
  readonly times: number[];
}

/**
 * Readers that are due the same. Of the first the heads of frames are looked at, of the others bytes are counted: of
 * what they cost, next to nothing is theirs. When each message came to each of them is worked out afterwards.
 */
export class CountedReaders {
  readonly #arrivals: Arrivals[];
  readonly #walk = new FrameWalk();
  /** Where the first one's frames ended, in bytes. */
  #ends: number[] = [];

  constructor(lines: readonly RawLine[]) {
    this.#arrivals = lines.map((line, i) => {
      const arrivals: Arrivals = { total: 0, totals: [], times: [] };
      line.onBytes = (chunk) => {
        if (i === 0) {
          const { total } = arrivals;
          this.#walk.take(chunk, (at) => this.#ends.push(total + at));
        }
        arrivals.total += chunk.length;
        arrivals.totals.push(arrivals.total);
        arrivals.times.push(performance.now());
      };
      return arrivals;
    });
  }

  /** Forgets what came; nothing may be under way. */
  reset(): void {
    this.#ends = [];
    for (const one of this.#arrivals) {
      one.total = one.totals.length = one.times.length = 0;
    }
  }

  /**
   * Waits until each of them has so many messages since the reset.
   *
   * @param sentAt when each was sent.
   * @throws when some is missing after a minute.
   */
  async heard(sentAt: readonly number[]): Promise<Counted> {
    const from = performance.now();
    while (!this.#have(sentAt.length)) {
      if (performance.now() - from > PATIENCE_MS) {
        throw new Error(`${this.#ends.length} of ${sentAt.length} came`);
      }
      await pause(1);
    }
    return this.#counted(sentAt);
  }

  #have(messages: number): boolean {
    const bytes = this.#ends[messages - 1];
    return bytes !== undefined &&
      this.#arrivals.every(({ total }) => total >= bytes);
  }

  #counted(sentAt: readonly number[]): Counted {
    const delays: number[] = [];
    let last = 0;
    for (const { totals, times } of this.#arrivals) {
      let at = 0;
      for (const [i, sent] of sentAt.entries()) {
        while ((totals[at] ?? Infinity) < (this.#ends[i] ?? 0)) at++;
        const time = times[at] ?? NaN;
        delays.push(time - sent);
        last = Math.max(last, time);
      }
    }
    return {
      deliveries: delays.length,
      seconds: (last - (sentAt[0] ?? NaN)) / 1000,
      p50: percentile(delays, 0.5),
      p99: percentile(delays, 0.99),
      bytes: this.#arrivals.reduce((sum, { total }) => sum + total, 0),
    };
  }
}
