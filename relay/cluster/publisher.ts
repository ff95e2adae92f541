import type { Clock } from "../../lib/clock.ts";

/** What publishing needs of a connection to the log's servers. */
export interface PublishConnection {
  publish(
    subject: string,
    bytes: string,
    options: { readonly reply: string },
  ): void;
  subscribe(
    subject: string,
    options: {
      readonly callback: (error: Error | null, message: PublishReply) => void;
    },
  ): void;
}

/** What a server says of something that was published. */
export interface PublishReply {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: { readonly code: number };
}

export interface PublisherOptions {
  readonly connection: PublishConnection;
  /** Of the log. */
  readonly subject: string;
  /** Below it the servers answer; nobody else's. */
  readonly inbox: string;
  readonly clock: Clock;
  readonly stored: () => void;
  /** What was published is in the log only if it is seen there; `reason` is for our log. */
  readonly notStored: (reason: string) => void;
}

/** How long the servers' word is waited for, in milliseconds. */
const STORED_WITHIN_MS = 2_000;
/** The status of "nobody hears that subject" (docs.nats.io, "Request-Reply"). */
const NO_RESPONDERS = 503;

/**
 * Puts batches into the log, and hears what the servers say of them. The client's own requests do it too, and make two
 * errors with their stacks, headers and a timer for each: a fifth of what the log's thread did.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  #last = 0;
  /** When what has no answer yet was published, by its number, in order; monotonic. */
  readonly #sent = new Map<number, number>();
  #isWatched = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { connection, inbox } = options;
    connection.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#heard(message);
      },
    });
  }

  publish(bytes: string): void {
    const { connection, subject, inbox, clock, notStored } = this.#options;
    const number = ++this.#last;
    try {
      connection.publish(subject, bytes, { reply: `${inbox}.${number}` });
    } catch (error) {
      // It is closed, or the server takes less at once.
      return notStored(error instanceof Error ? error.message : `${error}`);
    }
    this.#sent.set(number, clock.monotonic());
    this.#watch();
  }

  #heard({ subject, data, headers }: PublishReply): void {
    const number = Number(subject.slice(this.#options.inbox.length + 1));
    if (!this.#sent.delete(number)) return;
    const reason = headers?.code === NO_RESPONDERS
      ? "no server leads the log now"
      : refusalIn(data);
    if (reason === null) this.#options.stored();
    else this.#options.notStored(reason);
  }

  /** One timer for all that is under way. */
  #watch(): void {
    const [oldest] = this.#sent.values();
    if (this.#isWatched || oldest === undefined) return;
    this.#isWatched = true;
    const { clock } = this.#options;
    clock.after(oldest + STORED_WITHIN_MS - clock.monotonic(), () => {
      this.#isWatched = false;
      this.#giveUp();
      this.#watch();
    });
  }

  #giveUp(): void {
    const before = this.#options.clock.monotonic() - STORED_WITHIN_MS;
    for (const [number, at] of this.#sent) {
      if (at > before) return;
      this.#sent.delete(number);
      this.#options.notStored("the servers did not answer");
    }
  }
}

/** Why the servers did not store it, by their answer (docs.nats.io, "JetStream wire API", `io.nats.jetstream.api.v1.pub_ack_response`); null where they did. */
function refusalIn(data: Uint8Array): string | null {
  try {
    const answer = JSON.parse(new TextDecoder().decode(data));
    if (typeof answer?.seq === "number" && answer.error === undefined) {
      return null;
    }
    const said = answer?.error?.description;
    return typeof said === "string" ? said : "the servers answered otherwise";
  } catch {
    return "the servers answered otherwise";
  }
}
