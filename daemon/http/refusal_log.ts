import type { Clock, Timer } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";

export interface RefusalLogOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted at the end: what was not written yet is told then. */
  readonly stopping: AbortSignal;
}

/** Of each code one line in so long; milliseconds. */
const QUIET_MS = 60_000;

/** Refusals of a code since its last line. */
interface Since {
  more: number;
  timer: Timer;
}

/** Tells of refused requests in the log: anybody on this host can make them, and none may fill its disk with them. */
export class RefusalLog {
  readonly #options: RefusalLogOptions;
  readonly #since = new Map<string, Since>();

  constructor(options: RefusalLogOptions) {
    this.#options = options;
    options.stopping.addEventListener("abort", () => this.#end());
  }

  /** @param code one of the few that the gate knows. */
  refused(code: string): void {
    const since = this.#since.get(code);
    if (since !== undefined) since.more++;
    else this.#tell(code, {});
  }

  #tell(code: string, count: { readonly more?: number }): void {
    const { clock, log } = this.#options;
    log.warn("request refused", { code, ...count });
    const timer = clock.after(QUIET_MS, () => this.#due(code));
    this.#since.set(code, { more: 0, timer });
  }

  #due(code: string): void {
    const more = this.#since.get(code)?.more ?? 0;
    this.#since.delete(code);
    if (more > 0) this.#tell(code, { more });
  }

  #end(): void {
    for (const [code, { more, timer }] of this.#since) {
      timer.cancel();
      if (more > 0) this.#options.log.warn("request refused", { code, more });
    }
    this.#since.clear();
  }
}
