import type {
  Dial,
  Transport,
  TransportEvents,
} from "../../lib/client/transport.ts";

/** A transport in memory: records what is sent, and delivers what a test says. */
export class FakeTransport implements Transport {
  readonly sent: string[] = [];
  readonly url: string;
  readonly #events: TransportEvents;
  bufferedBytes = 0;
  /** How the client closed it, once it has. */
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Called with each frame that the client sends. */
  onSend: (frame: string) => void = () => {};
  #over = false;

  constructor(url: string, events: TransportEvents) {
    this.url = url;
    this.#events = events;
  }

  send(frame: string): void {
    if (this.#over) return;
    this.sent.push(frame);
    this.onSend(frame);
  }

  close(code = 1000, reason = ""): void {
    if (this.#over) return;
    this.#over = true;
    this.closed = { code, reason };
  }

  /** Delivers a frame: an object as JSON, a text as it stands. */
  deliver(frame: object | string): void {
    if (this.#over) return;
    this.#events.text(
      typeof frame === "string" ? frame : JSON.stringify(frame),
    );
  }

  refuse(reason: "binary" | "too large"): void {
    if (this.#over) return;
    this.#over = reason === "too large";
    this.#events.refused(reason);
  }

  /** Frames came faster than they could be read. */
  overrun(): void {
    if (!this.#over) this.#events.overrun();
  }

  /** The other side ends the line. */
  end(code = 1006, reason = ""): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.ended({ code, reason });
  }
}

/** A dial that opens at once; `opened` gets each transport before the client sends on it. */
export function fakeDial(opened: (transport: FakeTransport) => void): Dial {
  return (url, events, signal) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    const transport = new FakeTransport(url, events);
    opened(transport);
    return Promise.resolve(transport);
  };
}
