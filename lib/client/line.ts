import { decodeRelayFrame } from "../protocol/decode_relay_frame.ts";
import type { RawObject, RelayFrame } from "../protocol/frames.ts";
import type { Transport, TransportEnd, TransportEvents } from "./transport.ts";

/** What comes off a line: frames in order, then one end. */
export type LineEvent =
  | {
    readonly kind: "frame";
    readonly frame: RelayFrame;
    readonly raw: RawObject;
  }
  | { readonly kind: "too_large" }
  /** Frames went by unread. */
  | { readonly kind: "overrun" }
  | { readonly kind: "ended"; readonly end: TransportEnd };

/** Most that may wait on the line unsent before a relay that stopped reading counts as gone. */
const MOST_UNSENT_BYTES = 1_048_576;
/** Most characters of frames kept while nobody listens: between two steps of the handshake. */
const MOST_KEPT = 2 * 1_048_576;

/**
 * Text frames of a transport turned into typed ones. Keeps what comes while nobody listens; drops what is
 * malformed and ignores types that it doesn't know (protocol.md section 1).
 */
export class Line implements TransportEvents {
  readonly #dropped: (reason: string) => void;
  #transport: Transport | undefined;
  /** Nothing more comes in or goes out; what was kept may still be listened to. */
  #closed = false;
  /** Closed by us: not even what was kept. */
  #silent = false;
  #sink: ((event: LineEvent) => void) | undefined;
  #kept: LineEvent[] = [];
  #keptChars = 0;

  constructor(dropped: (reason: string) => void) {
    this.#dropped = dropped;
  }

  /** Takes the transport that was dialled with this line as its events. */
  open(transport: Transport): void {
    this.#transport = transport;
  }

  /** Hands over a frame; false when the line is gone or clogged, and then nothing was handed over. */
  send(frame: string): boolean {
    const transport = this.#transport;
    if (this.#closed || transport === undefined) return false;
    if (transport.bufferedBytes > MOST_UNSENT_BYTES) return false;
    transport.send(frame);
    return true;
  }

  /** Ends the line; no event comes after this. */
  close(code = 1000, reason = ""): void {
    this.#closed = true;
    this.#silent = true;
    this.#kept = [];
    this.#sink = undefined;
    this.#transport?.close(code, reason);
    this.#transport = undefined;
  }

  /** The next event alone; what follows is kept. One may wait at a time. */
  next(): Promise<LineEvent> {
    return new Promise((resolve) => {
      const first = this.#kept.shift();
      if (first !== undefined) return resolve(first);
      this.#sink = (event) => {
        this.#sink = undefined;
        resolve(event);
      };
    });
  }

  /** Gives what was kept and all that comes to `sink`, in order. */
  listen(sink: (event: LineEvent) => void): void {
    const kept = this.#kept;
    this.#kept = [];
    this.#keptChars = 0;
    this.#sink = sink;
    for (const event of kept) {
      if (!this.#silent) sink(event);
    }
  }

  text(frameText: string): void {
    if (this.#closed) return;
    const decoded = decodeRelayFrame(frameText);
    if (!decoded.ok) return this.#dropped(decoded.fault.message);
    if (decoded.frame.type === "unknown") return;
    const { frame, raw } = decoded;
    this.#emit({ kind: "frame", frame, raw }, frameText.length);
  }

  refused(reason: "binary" | "too large"): void {
    if (this.#closed) return;
    if (reason === "binary") return this.#dropped("binary frame");
    this.#closed = true;
    this.#transport = undefined;
    this.#emit({ kind: "too_large" }, 0);
  }

  overrun(): void {
    if (this.#closed) return;
    this.#dropped("frames came faster than they could be read");
    this.#emit({ kind: "overrun" }, 0);
  }

  ended(end: TransportEnd): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#transport = undefined;
    this.#emit({ kind: "ended", end }, 0);
  }

  #emit(event: LineEvent, chars: number): void {
    if (this.#sink !== undefined) return this.#sink(event);
    this.#keptChars += chars;
    if (this.#keptChars > MOST_KEPT) return this.#dropped("too much at once");
    this.#kept.push(event);
  }
}
