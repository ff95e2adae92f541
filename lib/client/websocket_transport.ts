import type { Clock, Timer } from "../clock.ts";
import { Failure } from "../errors.ts";
import { WIRE } from "../protocol/limits.ts";
import { utf8Bytes } from "../protocol/names.ts";
import {
  dialFailure,
  isWorthALook,
  lateFailure,
  probedFailure,
  runtimeReason,
} from "./dial_failure.ts";
import type { DialProbe } from "./dial_probe.ts";
import type { DialRoute } from "./dial_words.ts";
import type { Dial, Transport, TransportEvents } from "./transport.ts";

/** The native WebSocket has no connect timeout of its own. */
const CONNECT_LIMIT_MS = 10_000;
/** How long a second look may take. */
const PROBE_LIMIT_MS = 5_000;
/** 1009 "message too big" (RFC 6455 section 7.4.1) in the range that a WebSocket client may send. */
const TOO_LARGE_CODE = 4009;

export interface WebSocketDialOptions {
  readonly clock: Clock;
  /** A second look, after a dial that failed, at why. */
  readonly probe: DialProbe;
  /** host:port of the proxy that the runtime goes through, for the wording. */
  readonly proxy?: string | undefined;
}

/** Dials relays with the runtime's WebSocket. */
export function webSocketDial(options: WebSocketDialOptions): Dial {
  return (url, events, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const route = { url, proxy: options.proxy };
      let socket: WebSocket;
      try {
        socket = new WebSocket(url);
      } catch (error) {
        return reject(dialFailure(route, reasonOf(error)));
      }
      new Dialling(socket, {
        ...options,
        ...{ route, events, signal, resolve, reject },
      });
    });
}

interface DiallingOptions extends WebSocketDialOptions {
  readonly route: DialRoute;
  readonly events: TransportEvents;
  readonly signal: AbortSignal;
  readonly resolve: (transport: Transport) => void;
  readonly reject: (reason: unknown) => void;
}

/** A socket that is not yet open. */
class Dialling {
  readonly #socket: WebSocket;
  readonly #options: DiallingOptions;
  readonly #probing = new AbortController();
  #timer: Timer;
  #trouble = "";

  constructor(socket: WebSocket, options: DiallingOptions) {
    this.#socket = socket;
    this.#options = options;
    const late = () =>
      this.#fail(lateFailure(options.route, CONNECT_LIMIT_MS / 1000));
    this.#timer = options.clock.after(CONNECT_LIMIT_MS, late);
    options.signal.addEventListener("abort", this.#abort, { once: true });
    socket.onopen = () => this.#open();
    socket.onerror = (event) => {
      this.#trouble = event instanceof ErrorEvent ? event.message : "";
    };
    socket.onclose = (event) =>
      this.#refused(runtimeReason(event.reason || this.#trouble))
        .catch((error) => this.#fail(Failure.from(error)));
  }

  #open(): void {
    this.#release();
    this.#options.resolve(
      new WebSocketTransport(this.#socket, this.#options.events),
    );
  }

  readonly #abort = () => this.#fail(this.#options.signal.reason);

  /** The socket did not open: what was said of it may not be why. */
  async #refused(said: string): Promise<void> {
    const { route, probe, clock } = this.#options;
    if (!isWorthALook(route.url, said)) {
      return this.#fail(dialFailure(route, said));
    }
    this.#timer.cancel();
    this.#timer = clock.after(PROBE_LIMIT_MS, () => {
      const reason = "it failed, and a second look at why got no answer";
      this.#fail(dialFailure(route, reason));
    });
    this.#fail(
      probedFailure(route, await probe(route.url, this.#probing.signal)),
    );
  }

  /** Ends it; after the first time nothing happens. */
  #fail(reason: unknown): void {
    this.#release();
    this.#probing.abort();
    detach(this.#socket);
    this.#socket.close();
    this.#options.reject(reason);
  }

  #release(): void {
    this.#timer.cancel();
    this.#options.signal.removeEventListener("abort", this.#abort);
  }
}

class WebSocketTransport implements Transport {
  /** Dropped after the end, so that a peer that never finishes closing holds no more than the socket. */
  #socket: WebSocket | undefined;
  readonly #events: TransportEvents;
  #trouble = "";

  constructor(socket: WebSocket, events: TransportEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.onopen = null;
    socket.onmessage = this.#message;
    socket.onerror = (event) => {
      this.#trouble = event instanceof ErrorEvent ? event.message : "";
    };
    socket.onclose = ({ code, reason }) =>
      this.#ended(code, reason || this.#trouble);
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(frame: string): void {
    const socket = this.#socket;
    if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
  }

  close(code = 1000, reason = ""): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    detach(socket);
    socket.close(code, reason);
  }

  readonly #message = ({ data }: MessageEvent): void => {
    try {
      if (typeof data !== "string") this.#events.refused("binary");
      else if (!isTooLarge(data)) this.#events.text(data);
      else {
        this.close(TOO_LARGE_CODE, "frame too large");
        this.#events.refused("too large");
      }
    } catch (error) {
      this.#failed(error);
    }
  };

  #ended(code: number, reason: string): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    detach(socket);
    this.#events.ended({ code: code || 1006, reason });
  }

  /** Whoever is told threw: a fault of ours, which ends this line. */
  #failed(error: unknown): void {
    if (this.#socket === undefined) return reportError(error);
    this.close();
    this.#events.ended({ code: 1006, reason: reasonOf(error) });
  }
}

/** Whether a frame has more UTF-8 bytes than a relay may send; counts only where the length leaves it open. */
function isTooLarge(text: string): boolean {
  if (text.length > WIRE.relayFrameBytes) return true;
  return text.length * 3 > WIRE.relayFrameBytes &&
    utf8Bytes(text) > WIRE.relayFrameBytes;
}

function detach(socket: WebSocket): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onerror = null;
  socket.onclose = null;
}

function reasonOf(error: unknown): string {
  return Failure.from(error).message;
}
