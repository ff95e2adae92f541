import type { ReceivedMessage } from "../../../lib/local_api/types/messages.ts";
import type { Brakes } from "../core/brakes.ts";
import type { MessageWaiters } from "./message_waiters.ts";
import type { People } from "./people.ts";
import type { ShownMessages } from "./shown_messages.ts";

export interface ArrivalsOptions {
  readonly people: Pick<People, "isMuted">;
  readonly shown: Pick<ShownMessages, "shown">;
  readonly brakes: Pick<Brakes, "heard">;
  readonly waiters: Pick<MessageWaiters, "arrived">;
  /** Told that there may be receipts to tell. */
  readonly came: () => void;
}

/** Tells of each message that is in the mailbox those whom it concerns. */
export class Arrivals {
  readonly #options: ArrivalsOptions;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  /** A muted voice wakes nobody, and is no other voice to the brakes. */
  arrived(message: ReceivedMessage): void {
    const { people, shown, brakes, waiters } = this.#options;
    this.#options.came();
    if (people.isMuted(message.from)) return;
    brakes.heard(message.room);
    waiters.arrived(shown.shown(message));
  }
}
