import type { Clock } from "../../lib/clock.ts";
import type {
  HandingOver,
  Stopping,
} from "../../lib/local_api/types/daemon.ts";
import type { Reconnect } from "./reconnect.ts";
import type { Outbox } from "./send/outbox.ts";
import type { SessionOptions } from "./session_options.ts";

export interface EndingOptions
  extends Pick<SessionOptions, "requestStop" | "requestHandover"> {
  readonly outbox: Pick<Outbox, "wake" | "queued">;
  readonly reconnect: Pick<Reconnect, "stop">;
  readonly clock: Clock;
}

/** From the answer of `stop` or `handover` to the end; milliseconds. */
const END_AFTER_MS = 50;
/** How long a handover waits for the relay to take what is on its way, in milliseconds. */
const FLUSH_MS = 3_000;

/** How a session comes to its end, when it is asked for. */
export class Ending {
  readonly #options: EndingOptions;
  #isHandingOver = false;

  constructor(options: EndingOptions) {
    this.#options = options;
  }

  /** Another daemon takes the place of this one: what waits here is to wait there. */
  get isHandingOver(): boolean {
    return this.#isHandingOver;
  }

  /** What can go out goes out first: of what is cut off on its way the outcome would be unknown. */
  async handover(): Promise<HandingOver> {
    const { outbox, clock, requestHandover } = this.#options;
    const late = Promise.withResolvers<void>();
    const timer = clock.after(FLUSH_MS, late.resolve);
    await Promise.race([outbox.wake(), late.promise]);
    timer.cancel();
    this.#isHandingOver = true;
    this.#endSoon(requestHandover);
    return { status: "handing over", queued: outbox.queued };
  }

  stop(): Stopping {
    this.#endSoon(this.#options.requestStop);
    return { status: "stopping" };
  }

  #endSoon(request: () => void): void {
    // From now on status says so: a daemon that is started next waits for the lock.
    this.#options.reconnect.stop();
    this.#options.clock.after(END_AFTER_MS, request);
  }
}
