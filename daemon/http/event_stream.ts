import type { Clock, Timer } from "../../lib/clock.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";

/** Most bytes that wait for one reader: two messages of the largest size, or hundreds of usual ones. */
const QUEUE_BYTES = 256 * 1024;
/** How often a comment goes out, so that both ends notice a dead line, in milliseconds. */
const KEEPALIVE_MS = 15_000;

export interface EventStreamOptions {
  readonly agent: Pick<AgentApi, "subscribe">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once, when the stream is over. */
  readonly ended: () => void;
}

/**
 * Messages as server-sent events (WHATWG HTML section 9.2), the cursor as each one's id. A reader that lets
 * {@link QUEUE_BYTES} pile up is told `event: lagging` and cut: what it missed stands in the mailbox.
 */
export function eventStream(
  options: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const feed = new Feed(options);
  return new ReadableStream<Uint8Array>({
    start: (controller) => feed.open(controller),
    cancel: () => feed.end(),
  }, new ByteLengthQueuingStrategy({ highWaterMark: QUEUE_BYTES }));
}

class Feed {
  readonly #options: EventStreamOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #unsubscribe: () => void = () => undefined;
  #keepalive: Timer | null = null;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  open(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { agent, signal } = this.#options;
    this.#controller = controller;
    this.#put(": open\n\n");
    this.#unsubscribe = agent.subscribe((message) => this.#message(message));
    signal.addEventListener("abort", this.#close, { once: true });
    if (signal.aborted) return this.#close();
    this.#beat();
  }

  /** Gives up what the stream holds; the reader's end is not touched. */
  end(): void {
    if (this.#controller === null) return;
    this.#controller = null;
    this.#unsubscribe();
    this.#keepalive?.cancel();
    this.#options.signal.removeEventListener("abort", this.#close);
    this.#options.ended();
  }

  readonly #close = (): void => {
    const controller = this.#controller;
    this.end();
    controller?.close();
  };

  #message(message: ReceivedMessage): void {
    const data = JSON.stringify(message);
    this.#put(`id: ${message.cursor}\nevent: message\ndata: ${data}\n\n`);
  }

  #beat(): void {
    this.#keepalive = this.#options.clock.after(KEEPALIVE_MS, () => {
      this.#put(": here\n\n");
      if (this.#controller !== null) this.#beat();
    });
  }

  #put(text: string): void {
    const controller = this.#controller;
    if (controller === null) return;
    const bytes = new TextEncoder().encode(text);
    if ((controller.desiredSize ?? 0) >= bytes.length) {
      return controller.enqueue(bytes);
    }
    controller.enqueue(
      new TextEncoder().encode("event: lagging\ndata: {}\n\n"),
    );
    this.#close();
  }
}
