import { type Clock, pause } from "../../lib/clock.ts";
import { defined } from "../../lib/defined.ts";
import type { WakeAnswer, WakeQuery } from "../../lib/local_api/types/wakes.ts";
import type { WakeTargetStatus } from "../../lib/local_api/types/status.ts";
import type { Logger } from "../../lib/log.ts";
import { wakeText } from "../../lib/rendering/wake_text.ts";
import { NotTaken, postWake } from "./post_wake.ts";
import type { WakePost } from "./wake_post.ts";

/** Where wakes come from, and what became of one. */
export interface WakeSource {
  due(query: WakeQuery, signal: AbortSignal): Promise<WakeAnswer>;
  came(): void;
  lost(watcher: string): void;
}

export interface WakePostsOptions {
  readonly targets: readonly WakePost[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly fetch: typeof fetch;
}

/** One request for a wake waits so long; milliseconds. */
const POLL_MS = 600_000;
/** A program may take so long to take a wake, one that loads itself for its first turn too; milliseconds. */
const PATIENCE_MS = 15_000;
/** Before one that took none is tried again, at first and at most; milliseconds. */
const RETRY_MS = { first: 5_000, most: 600_000 } as const;

/** Posts wakes to agent programs on this host. One that did not come there is posted again, and counts for nothing. */
export class WakePosts {
  readonly #options: WakePostsOptions;
  readonly #states: readonly TargetState[];
  readonly #closed = new AbortController();

  constructor(options: WakePostsOptions) {
    this.#options = options;
    this.#states = options.targets.map((target, index) => ({
      ...{ target, watcher: `post-${index}`, woken: 0, failures: 0 },
      trouble: undefined,
    }));
  }

  /** For `status`. */
  get status(): readonly WakeTargetStatus[] {
    return this.#states.map(({ target: { program, url }, woken, trouble }) => ({
      ...{ program, url, woken },
      ...defined({ trouble }),
    }));
  }

  /** Serves every target until {@link close}. */
  async run(source: WakeSource): Promise<void> {
    await Promise.all(this.#states.map((one) => this.#serve(one, source)));
  }

  close(): void {
    this.#closed.abort();
  }

  async #serve(state: TargetState, source: WakeSource): Promise<void> {
    const { signal } = this.#closed;
    const { watcher, target } = state;
    const query = {
      ...{ watcher, wait_ms: POLL_MS },
      ...defined({ wake: target.wake }),
    };
    while (!signal.aborted) {
      const { wake } = await source.due(query, signal);
      if (wake === undefined) continue;
      const trouble = await this.#post(target, wakeText(wake));
      if (signal.aborted) return;
      this.#note(state, trouble);
      if (trouble === undefined) source.came();
      else {
        source.lost(watcher);
        await this.#pause(state.failures);
      }
    }
  }

  /** @returns why it was not taken, in words. */
  async #post(target: WakePost, text: string): Promise<string | undefined> {
    const { clock, fetch } = this.#options;
    const late = new AbortController();
    const timer = clock.after(PATIENCE_MS, () => late.abort());
    const signal = AbortSignal.any([late.signal, this.#closed.signal]);
    try {
      await postWake(target, { text, fetch, signal });
      return undefined;
    } catch (error) {
      if (late.signal.aborted) return "it does not answer";
      if (error instanceof NotTaken) return error.message;
      if (!(error instanceof Error)) throw error;
      // The runtime's own words name its parts.
      return "nobody listens, or what does speaks no HTTP";
    } finally {
      timer.cancel();
    }
  }

  #note(state: TargetState, trouble: string | undefined): void {
    const { program, url } = state.target;
    const isNew = trouble !== state.trouble;
    state.trouble = trouble;
    state.failures = trouble === undefined ? 0 : state.failures + 1;
    if (trouble === undefined) state.woken++;
    else if (isNew) {
      this.#options.log.warn("a program was not woken", {
        ...{ program, url, reason: trouble },
      });
    }
  }

  #pause(failures: number): Promise<void> {
    const ms = RETRY_MS.first * 2 ** Math.min(failures - 1, 20);
    return pause(this.#options.clock, {
      ms: Math.min(ms, RETRY_MS.most),
      signal: this.#closed.signal,
    });
  }
}

interface TargetState {
  readonly target: WakePost;
  readonly watcher: string;
  woken: number;
  /** In a row. */
  failures: number;
  trouble: string | undefined;
}
