import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { FairTurns, Source } from "./fair_turns.ts";

/** What a connection may send ahead of its answers; bytes. More ends it. */
const MOST_HELD = 65_536;
const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);

export interface GateOptions {
  /** What the work is charged to. */
  readonly payer: string;
  readonly turns: FairTurns;
}

/**
 * What the HTTP server has of a socket. Its parser handles whatever it is given at once, and 64 KB are 3,600 requests:
 * so bytes pass up to the end of one head, in this connection's turn, and the next ones once that request is answered.
 * Meanwhile the socket is not read.
 */
export class RequestGate extends Duplex implements Source {
  readonly payer: string;
  isQueued = false;
  /** As of a socket: the HTTP side asks for it. */
  readonly remoteAddress: string | undefined;
  readonly #socket: Socket;
  readonly #turns: FairTurns;
  #held: Buffer = NOTHING;
  #answering = 0;
  #hasEnded = false;
  #hasLeft = false;
  readonly #listeners = {
    data: (bytes: Buffer) => this.#came(bytes),
    end: () => this.#ended(),
    timeout: () => void this.emit("timeout"),
    close: () => void this.destroy(),
  };

  constructor(socket: Socket, { payer, turns }: GateOptions) {
    super({ allowHalfOpen: false });
    this.payer = payer;
    this.remoteAddress = socket.remoteAddress;
    this.#socket = socket;
    this.#turns = turns;
    const { data, end, timeout, close } = this.#listeners;
    socket.on("data", data).on("end", end);
    socket.on("timeout", timeout).on("close", close);
  }

  /** Whether bytes may go on to the parser. */
  get mayWork(): boolean {
    return this.#held.length > 0 && this.#answering === 0 && this.#isOpen;
  }

  /** Passes the next bytes on, up to the end of a head. */
  work(): void {
    const end = headEnd(this.#held);
    const next = this.#held.subarray(0, end);
    this.#held = this.#held.subarray(end);
    this.push(next);
    this.#goOn();
  }

  /** The parser has found a request. */
  began(): void {
    this.#answering++;
  }

  /** It is answered, and its answer has left. */
  answered(): void {
    this.#answering--;
    this.#goOn();
  }

  /** The connection leaves HTTP. @returns the socket, and what came behind the last head. */
  leave(): { readonly socket: Socket; readonly rest: Buffer } {
    const { data, end, timeout, close } = this.#listeners;
    const socket = this.#socket;
    this.#hasLeft = true;
    socket.off("data", data).off("end", end);
    socket.off("timeout", timeout).off("close", close);
    socket.setTimeout(0);
    const rest = this.#held;
    this.#held = NOTHING;
    return { socket, rest };
  }

  /** As of a socket: the HTTP side ends what is idle by it. */
  setTimeout(ms: number): this {
    if (!this.#hasLeft) this.#socket.setTimeout(ms);
    return this;
  }

  /** Ends it at once; what it has not read is not kept by the system either. */
  cut(): void {
    if (!this.#hasLeft) this.#socket.resetAndDestroy();
    this.destroy();
  }

  /** As of a socket: ends it once its last answer has left. */
  destroySoon(): void {
    this.end(() => this.destroy());
  }

  override _read(): void {
    this.#goOn();
  }

  override _write(
    bytes: Buffer,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(bytes, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    if (!this.#hasLeft) this.#socket.destroy();
    done(error);
  }

  #came(bytes: Buffer): void {
    this.#held = this.#held.length === 0
      ? bytes
      : Buffer.concat([this.#held, bytes]);
    if (this.#held.length > MOST_HELD + bytes.length) {
      return this.cut();
    }
    this.#socket.pause();
    this.#goOn();
  }

  /** Whether it is HTTP's, and another request would be answered. */
  get #isOpen(): boolean {
    return !this.#hasLeft && !this.destroyed && !this.writableEnded;
  }

  #ended(): void {
    this.#hasEnded = true;
    this.#goOn();
  }

  #goOn(): void {
    if (this.#answering > 0 || !this.#isOpen) return;
    if (this.#held.length > 0) this.#turns.add(this);
    else if (this.#hasEnded) this.push(null);
    else this.#socket.resume();
  }
}

/**
 * Just behind the first empty line, or all of it. A line may end in LF alone for some parsers, so it does here; one may
 * have ended just before these bytes.
 */
function headEnd(bytes: Buffer): number {
  let line = 0;
  do {
    const end = bytes[line] === CR ? line + 1 : line;
    if (bytes[end] === LF) return end + 1;
    line = bytes.indexOf(LF, line) + 1;
  } while (line > 0);
  return bytes.length;
}
