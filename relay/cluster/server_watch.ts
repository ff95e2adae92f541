import type { Clock, Timer } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import {
  type MonitorAnswers,
  requireSynced,
  silentOf,
} from "./synced_servers.ts";

export interface ServerWatchOptions {
  readonly ask: () => Promise<MonitorAnswers>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Between two looks, in milliseconds. */
const LOOK_EVERY_MS = 60_000;

/** Looks again at the log's servers, until each of them has said that it syncs: one may have been down at the start. */
export class ServerWatch {
  readonly #options: ServerWatchOptions;
  #timer: Timer | null = null;

  constructor(options: ServerWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock } = this.#options;
    this.#timer = clock.after(LOOK_EVERY_MS, () => void this.#look());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  async #look(): Promise<void> {
    const answers = await this.#options.ask();
    try {
      requireSynced(answers, []);
    } catch (thrown) {
      const { message, fix } = Failure.from(thrown);
      this.#options.log.error("the log may not be safe", {
        reason: message,
        fix,
      });
    }
    if (this.#timer !== null && silentOf(answers).length > 0) this.start();
  }
}
