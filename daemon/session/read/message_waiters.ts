import type { Clock } from "../../../lib/clock.ts";
import type { MessagesQuery } from "../../../lib/local_api/types/mailbox.ts";
import type { ReceivedMessage } from "../../../lib/local_api/types/messages.ts";
import type { Mentions } from "../../mailbox/mentions.ts";
import { isWanted } from "../../mailbox/message_filter.ts";

/** Longest wait that is held; milliseconds. */
const MOST_WAIT_MS = 600_000;

export interface WaitOptions {
  readonly query: MessagesQuery;
  readonly signal: AbortSignal;
}

/** Those who wait for a message, and those who are told of each. */
export class MessageWaiters {
  readonly #clock: Clock;
  readonly #mentions: Pick<Mentions, "has">;
  readonly #listeners = new Set<(message: ReceivedMessage) => void>();

  constructor(clock: Clock, mentions: Pick<Mentions, "has">) {
    this.#clock = clock;
    this.#mentions = mentions;
  }

  /** Calls back for each message; returns what ends that. */
  subscribe(listener: (message: ReceivedMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** A message is in the mailbox. */
  arrived(message: ReceivedMessage): void {
    for (const listener of [...this.#listeners]) listener(message);
  }

  /** Until a message comes that the query asks for, its time is over, or the signal is aborted. Never rejects. */
  wait({ query, signal }: WaitOptions): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const ms = Math.min(query.wait_ms ?? 0, MOST_WAIT_MS);
    return new Promise((resolve) => {
      const end = () => {
        unsubscribe();
        timer.cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const unsubscribe = this.subscribe((message) => {
        if (isWanted(message, query, this.#mentions)) end();
      });
      const timer = this.#clock.after(ms, end);
      signal.addEventListener("abort", end, { once: true });
    });
  }
}
