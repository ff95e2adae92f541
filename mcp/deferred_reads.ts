import type { Transport } from "@modelcontextprotocol/sdk/shared/transport";
import type { RequestId } from "@modelcontextprotocol/sdk/types";

/** Marks that wait until a tool's result has gone out: a message counts as read no sooner. */
export class DeferredReads {
  readonly #waiting = new Map<RequestId, () => Promise<void>>();
  #running: Promise<void> = Promise.resolve();
  /** What goes out now: who reads it may ask again before its writer knows that it is out. */
  #sending: Promise<unknown> = Promise.resolve();
  readonly #onError: (error: unknown) => void;

  /** @param onError told what a mark failed of; the messages then stay unread and are shown again. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Does it after the result of this request; never when the request is cancelled. */
  after(
    { requestId, signal }: { requestId: RequestId; signal: AbortSignal },
    action: () => Promise<void>,
  ): void {
    if (signal.aborted) return;
    this.#waiting.set(requestId, action);
    const drop = () => this.#waiting.delete(requestId);
    signal.addEventListener("abort", drop, { once: true });
  }

  /** Waits until what went out before is marked. */
  async done(): Promise<void> {
    await this.#sending;
    await this.#running;
  }

  /** Watches what a transport sends. */
  watch(transport: Transport): Transport {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      const sent = send(message, options).then(() => {
        if ("result" in message) this.#sent(message.id);
      });
      this.#sending = Promise.allSettled([this.#sending, sent]);
      return sent;
    };
    return transport;
  }

  #sent(id: RequestId): void {
    const action = this.#waiting.get(id);
    if (action === undefined) return;
    this.#waiting.delete(id);
    this.#running = this.#running.then(action).catch(this.#onError);
  }
}
