import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { DecodeFault } from "../../lib/protocol/decode.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import type { WebSocket } from "./ws_types.ts";
import type { ConnId } from "../core/events.ts";
import type { Bundle } from "./bundle.ts";
import { payerOf, type Source } from "./fair_turns.ts";
import { type Incoming, PeerInput, type WaitingFrame } from "./peer_input.ts";

/** What a peer may make the relay hold. */
export const PEER = {
  /** Bytes that wait to be read by it; more ends it. */
  outputBytes: 1_048_576,
  /** Frames of one turn go out in one write up to so many bytes: so little that a slow reader's progress still shows. */
  writeBytes: 65_536,
  /** How long its output may wait without a byte being taken. */
  stalledMs: 10_000,
  /** Frames and bytes that wait to be handled; more pauses reading. */
  inputFrames: 32,
  inputBytes: 262_144,
  /** A WebSocket ping is answered only while less than this waits. */
  pongBytes: 16_384,
  /** Bytes that are read, and dropped, from one that was told to end; then it is read no more. */
  lateBytes: 65_536,
  /** From our close frame to the end of the socket, whatever the peer does. */
  closingMs: 2_000,
} as const;

/** A binary frame is no part of the protocol. */
export const BINARY: DecodeFault = {
  code: "INVALID_MESSAGE",
  message: "a binary frame is not part of the protocol",
};
const TOO_LONG: DecodeFault = {
  code: "INVALID_MESSAGE",
  message: `a frame before the login has at most ${WIRE.handshakeBytes} bytes`,
};
/** Of one that has not logged in: the handshake is one frame and one answer at a time. */
const HANDSHAKE_FRAMES = 1;

/** Where a peer's frames go. */
export interface Intake {
  mayGoOn(peer: Peer): boolean;
  /** Lets another thread look at frames of a peer first, and says whether it does. */
  sendAhead(peer: Peer, frames: () => readonly WaitingFrame[]): boolean;
  handle(peer: Peer, frame: WaitingFrame): void;
}

/** A connection that became a WebSocket. */
export interface Accepted {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  /** What its client counts as in limits. */
  readonly address: string;
}

/** One open WebSocket: its input queue and its output, both bounded. */
export class Peer implements Source {
  readonly id: ConnId;
  readonly address: string;
  isQueued = false;
  #agent = "";
  #payer: string;
  readonly #intake: Intake;
  readonly #socket: WebSocket;
  readonly #stream: Duplex & {
    readonly bytesWritten?: number;
    resetAndDestroy?(): void;
  };
  readonly #input = new PeerInput();
  /** Bytes that came after it was told to end. */
  #lateBytes = 0;
  /** What it is due at the end of this turn. */
  #due: Bundle | null = null;
  #taken = 0;
  #takenAt: number;
  /** It was told to end: what still comes is dropped as it comes. */
  #isEnding = false;

  /** @param now monotonic milliseconds. */
  constructor(
    id: ConnId,
    accepted: Accepted & { intake: Intake },
    now: number,
  ) {
    this.id = id;
    this.address = accepted.address;
    this.#payer = payerOf(accepted.address);
    this.#intake = accepted.intake;
    this.#socket = accepted.socket;
    this.#stream = accepted.stream;
    this.#takenAt = now;
  }

  /** The agent that logged in; "" before. */
  get agent(): string {
    return this.#agent;
  }

  loggedIn(agent: string): void {
    this.#agent = agent;
    this.#payer = `agent ${agent}`;
  }

  /** A member pays for itself; before its login its address does. */
  get payer(): string {
    return this.#payer;
  }

  /** Whether a frame waits to be handled: when it may be, the outcomes of earlier ones say. */
  get awaitsRelease(): boolean {
    return this.#input.next !== undefined;
  }

  /** Whether a frame waits, and may be handled. */
  get mayWork(): boolean {
    return this.awaitsRelease && this.#intake.mayGoOn(this);
  }

  /** Handles its next frame, or lets it be looked at elsewhere with those behind it. */
  work(): void {
    const isUnseen = this.#input.next?.check === "unseen";
    const unseen = () => this.#input.unseen();
    if (isUnseen && this.#intake.sendAhead(this, unseen)) return;
    const frame = this.shift();
    if (frame !== undefined) this.#intake.handle(this, frame);
  }

  /** Bytes that wait to be read by the peer. */
  get waitingBytes(): number {
    return this.#stream.writableLength;
  }

  /** Takes what the socket heard. */
  heard(data: Buffer, isBinary: boolean): void {
    if (this.#isEnding) return this.#heardLate(data.length);
    const isTooLong = this.agent === "" && data.length > WIRE.handshakeBytes;
    this.push(isBinary ? BINARY : isTooLong ? TOO_LONG : data.toString());
  }

  push(frame: Incoming): void {
    if (this.#isEnding) return;
    this.#input.push(frame);
    const isFull = this.#input.length >= this.#mostFrames ||
      this.#input.bytes >= PEER.inputBytes;
    if (isFull && !this.#socket.isPaused) this.#socket.pause();
  }

  /**
   * It should have stopped by now, and to read what nobody wants costs as much as what is wanted; to end it at once could
   * take the reason from it that is on its way.
   */
  #heardLate(bytes: number): void {
    this.#lateBytes += bytes;
    if (this.#lateBytes > PEER.lateBytes) this.#socket.pause();
  }

  get #mostFrames(): number {
    return this.agent === "" ? HANDSHAKE_FRAMES : PEER.inputFrames;
  }

  /** The next frame to be handled; reads on once few are left. */
  shift(): WaitingFrame | undefined {
    const frame = this.#input.shift();
    if (frame === undefined) return undefined;
    const isLow = this.#input.length < this.#mostFrames / 2 &&
      this.#input.bytes < PEER.inputBytes / 2;
    if (isLow && this.#socket.isPaused) this.#socket.resume();
    return frame;
  }

  /**
   * Keeps a whole WebSocket frame for the end of this turn of the event loop, or writes what is due already when that is
   * much.
   *
   * @param start the empty bundle of this turn, the same for all peers.
   */
  gather(frame: Buffer, start: Bundle): void {
    this.#due = (this.#due ?? start).with(frame);
    if (this.#due.length >= PEER.writeBytes) this.flush();
  }

  /** Writes what is due, unless it is ending. A peer that leaves too much unread is ended. */
  flush(): void {
    const due = this.#due;
    this.#due = null;
    if (due === null || this.#socket.readyState !== OPEN) return;
    this.#stream.write(due.bytes);
    if (this.#stream.writableLength > PEER.outputBytes) this.terminate();
  }

  pong(data: Buffer): void {
    if (this.#stream.writableLength < PEER.pongBytes) this.#socket.pong(data);
  }

  /** Ends it when it has taken nothing of what waits for too long. */
  checkProgress(now: number): void {
    const waiting = this.#stream.writableLength;
    const taken = (this.#stream.bytesWritten ?? 0) - waiting;
    if (waiting === 0 || taken > this.#taken) {
      this.#taken = taken;
      this.#takenAt = now;
    } else if (now - this.#takenAt >= PEER.stalledMs) this.terminate();
  }

  close(code: number, reason: string): void {
    this.flush();
    this.#end();
    this.#socket.resume();
    this.#socket.close(code, reason);
  }

  /** What it has not read is not kept: the system would hold up to 4 MB of it for a minute, after the socket is gone. */
  terminate(): void {
    this.#end();
    if (this.#stream.writableLength > 0) this.#stream.resetAndDestroy?.();
    this.#socket.terminate();
  }

  #end(): void {
    this.#isEnding = true;
    this.#input.clear();
    this.#due = null;
  }
}

/** `WebSocket.OPEN`, without loading ws for it. */
const OPEN = 1;
