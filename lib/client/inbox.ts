import type { Clock, Timer } from "../clock.ts";
import { Failure } from "../errors.ts";
import { decodeRelayFrame } from "../protocol/decode_relay_frame.ts";
import type { RawObject, RelayFrame } from "../protocol/frames.ts";
import type { Transport, TransportEnd, TransportEvents } from "./transport.ts";

/** What is read of a connection: frames in order, then one end. */
export type InboxEvent =
  | {
    readonly kind: "frame";
    readonly frame: RelayFrame;
    readonly raw: RawObject;
  }
  | { readonly kind: "too_large" }
  /** Frames went by unread. */
  | { readonly kind: "overrun" }
  | { readonly kind: "ended"; readonly end: TransportEnd };

/** What waits to be read: an event, or a frame that nobody has looked at. */
type Waiting =
  | InboxEvent
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary" };

export interface InboxOptions {
  readonly clock: Clock;
  /** A frame was dropped as malformed, binary or one too many. */
  readonly dropped: (reason: string) => void;
}

/** How long frames are read on end before others of this thread get a turn; milliseconds. */
const SLICE_MS = 2;
/** Characters of frames that wait to be read; past that they go by unread. */
const MOST_WAITING = 8 * 1024 * 1024;
/** What a frame that waits takes beside its text. */
const FRAME_REST = 200;
/** Most that may wait unsent before a relay that stopped reading counts as gone. */
const MOST_UNSENT_BYTES = 1_048_576;

/**
 * A transport's text frames as typed ones, read by one reader at a time: what comes while nobody reads is kept, what is
 * malformed is dropped, and types that it doesn't know are ignored (protocol.md section 1).
 *
 * It is read in slices of a few milliseconds: the runtime reads a socket as long as it has something, so a relay that
 * floods would keep the thread, and whoever else it serves, for seconds.
 */
export class Inbox implements TransportEvents {
  readonly #options: InboxOptions;
  #transport: Transport | undefined;
  #reader: ((event: InboxEvent) => void) | undefined;
  #waiting: (Waiting | undefined)[] = [];
  /** Place of the next one in {@link #waiting}; those before it were read. */
  #next = 0;
  #size = 0;
  /** Of what waits, frames that nobody has looked at: nothing goes past those. */
  #undecoded = 0;
  /** Of the slice that runs; milliseconds. */
  #left = SLICE_MS;
  #turn: Timer | undefined;
  /** Pushes wait for the next turn, and answers go past them. */
  #isHolding = false;
  /** Nothing more comes in or goes out; what waits may still be read. */
  #isOver = false;
  /** Closed by us: nothing is read any more. */
  #isClosed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Takes the transport that was dialled with this inbox as its events. */
  open(transport: Transport): void {
    this.#transport = transport;
  }

  /** Hands over a frame; false when the transport is gone or clogged, and then nothing was handed over. */
  send(frame: string): boolean {
    const transport = this.#transport;
    if (this.#isOver || transport === undefined) return false;
    if (transport.bufferedBytes > MOST_UNSENT_BYTES) return false;
    transport.send(frame);
    return true;
  }

  /** Ends the transport; nothing is read any more, not even what waits. */
  close(code = 1000, reason = ""): void {
    this.#isOver = true;
    this.#isClosed = true;
    this.#reader = undefined;
    this.#drop();
    this.#turn?.cancel();
    this.#turn = undefined;
    this.#transport?.close(code, reason);
    this.#transport = undefined;
  }

  /** The next event alone; what follows waits. One may be waited for at a time. */
  next(): Promise<InboxEvent> {
    return new Promise((resolve) => {
      this.#reader = (event) => {
        this.#reader = undefined;
        resolve(event);
      };
      this.#read();
    });
  }

  /** Gives what waits and all that comes to `reader`, in order. */
  listen(reader: (event: InboxEvent) => void): void {
    this.#reader = reader;
    this.#read();
  }

  /** Pushes wait until this turn of the event loop is over: whoever asked is to see the answer before what came behind it. */
  hold(): void {
    if (this.#isClosed) return;
    this.#isHolding = true;
    this.#wake();
  }

  get isHolding(): boolean {
    return this.#isHolding;
  }

  text(text: string): void {
    if (this.#isOver) return;
    if (this.#size > MOST_WAITING) return this.overrun();
    if (this.#mayPass()) this.#pass({ kind: "text", text });
    else this.#wait({ kind: "text", text });
  }

  refused(reason: "binary" | "too large"): void {
    if (reason === "too large") return this.#takeLast({ kind: "too_large" });
    if (this.#size > MOST_WAITING) return this.overrun();
    this.#take({ kind: "binary" });
  }

  overrun(): void {
    // One at the end of what waits tells of all that went by since.
    if (this.#isOver || this.#waiting.at(-1)?.kind === "overrun") return;
    this.#options.dropped("frames came faster than they could be read");
    this.#take({ kind: "overrun" });
  }

  ended(end: TransportEnd): void {
    this.#takeLast({ kind: "ended", end });
  }

  #takeLast(last: InboxEvent): void {
    if (this.#isOver) return;
    this.#transport = undefined;
    this.#take(last);
    this.#isOver = true;
  }

  #take(one: Waiting): void {
    if (this.#isOver) return;
    if (this.#mayPass()) this.#pass(one);
    else this.#wait(one);
  }

  /** Whether what comes now is read now: it is the next one, and there is time left. */
  #mayPass(): boolean {
    this.#wake();
    const isNext = this.#next === this.#waiting.length ||
      (this.#isHolding && this.#undecoded === 0);
    return isNext && this.#left > 0 && this.#reader !== undefined;
  }

  #wait(one: Waiting): void {
    this.#waiting.push(one);
    this.#size += sizeOf(one);
    if (isUndecoded(one)) this.#undecoded++;
  }

  /** The next turn of the event loop brings another slice. */
  #wake(): void {
    this.#turn ??= this.#options.clock.after(0, () => {
      this.#turn = undefined;
      this.#left = SLICE_MS;
      this.#isHolding = false;
      this.#read();
    });
  }

  /** As much of what waits as fits into the slice, while somebody reads. */
  #read(): void {
    while (this.#left > 0 && this.#reader !== undefined && !this.#isHolding) {
      const one = this.#waiting[this.#next];
      if (one === undefined) break;
      this.#waiting[this.#next++] = undefined;
      this.#size -= sizeOf(one);
      if (isUndecoded(one)) this.#undecoded--;
      this.#pass(one);
    }
    this.#closeUp();
    if (this.#waiting.length > 0 && this.#reader !== undefined) this.#wake();
  }

  /** What was read is let go of at once, its places once they are half of all: a flood may never let the inbox run empty. */
  #closeUp(): void {
    if (this.#next * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#next);
    this.#next = 0;
  }

  #pass(one: Waiting): void {
    const { clock } = this.#options;
    const began = clock.monotonic();
    try {
      const event = this.#decoded(one);
      if (event === undefined) return;
      if (this.#isHolding && !isAnswer(event)) return this.#wait(event);
      this.#reader?.(event);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#left -= clock.monotonic() - began;
    }
  }

  #decoded(one: Waiting): InboxEvent | undefined {
    const { dropped } = this.#options;
    switch (one.kind) {
      case "text": {
        const decoded = decodeRelayFrame(one.text);
        if (!decoded.ok) dropped(decoded.fault.message);
        else if (decoded.frame.type !== "unknown") {
          const { frame, raw } = decoded;
          return { kind: "frame", frame, raw };
        }
        return undefined;
      }
      case "binary":
        dropped("binary frame");
        return undefined;
      case "frame":
      case "overrun":
      case "too_large":
      case "ended":
        return one;
      default:
        return one satisfies never;
    }
  }

  /** Whoever reads threw: a fault of ours, which ends this connection, with what waits, and not the process. */
  #failed(error: unknown): void {
    const transport = this.#transport;
    if (transport === undefined) return reportError(error);
    transport.close(1000, "");
    this.#drop();
    const reason = `internal: ${Failure.from(error).message}`;
    this.ended({ code: 1006, reason });
  }

  #drop(): void {
    this.#waiting = [];
    this.#next = 0;
    this.#size = 0;
    this.#undecoded = 0;
  }
}

function isUndecoded({ kind }: Waiting): boolean {
  return kind === "text" || kind === "binary";
}

/** What answers a question, or a ping: whoever asked does not wait for what others were told. */
function isAnswer(event: InboxEvent): boolean {
  if (event.kind !== "frame") return false;
  switch (event.frame.type) {
    case "message":
    case "room.member_joined":
    case "room.member_left":
    case "room.closed":
      return false;
    default:
      return true;
  }
}

function sizeOf(one: Waiting): number {
  switch (one.kind) {
    case "text":
      return one.text.length + FRAME_REST;
    case "frame":
      return one.frame.type === "message"
        ? one.frame.content.text.length + 5 * FRAME_REST
        : FRAME_REST;
    default:
      return FRAME_REST;
  }
}
