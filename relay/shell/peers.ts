import type { Buffer } from "node:buffer";
import type { Clock } from "../../lib/clock.ts";
import { CLOSE, type ConnId } from "../core/events.ts";
import { PONG } from "../core/replies.ts";
import { Bundle } from "./bundle.ts";
import { PEER, type Peer } from "./peer.ts";
import { textFrame } from "./websocket_frame.ts";

const PONG_FRAME = textFrame(PONG);
/** From 1001 to every peer until the sockets are ended all the same. */
const STOP_MS = 1_000;

/** Bytes that may wait to be read by all peers together; past that those with the most waiting are ended. */
const MOST_WAITING = 128 * 2 ** 20;

/**
 * The open connections: what goes out to them, and how they end. What a peer is due within one turn of the event loop,
 * as the outcomes of a group of commits, goes out in one write at the turn's end.
 */
export class Peers {
  readonly #clock: Clock;
  readonly #peers = new Map<ConnId, Peer>();
  /** Peers that are due something at the end of this turn. */
  #due = new Set<Peer>();
  /** What the bundles of this turn begin with. */
  #start = Bundle.empty();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(peer: Peer): void {
    this.#peers.set(peer.id, peer);
  }

  get(conn: ConnId): Peer | undefined {
    return this.#peers.get(conn);
  }

  remove(peer: Peer): void {
    this.#peers.delete(peer.id);
  }

  /** Bytes that wait to be read by them all. */
  get waitingBytes(): number {
    let bytes = 0;
    for (const peer of this.#peers.values()) bytes += peer.waitingBytes;
    return bytes;
  }

  /** Ends who is stalled, and those with the most waiting when too much waits in all. */
  check(): void {
    const now = this.#clock.monotonic();
    for (const peer of this.#peers.values()) peer.checkProgress(now);
    let over = this.waitingBytes - MOST_WAITING;
    if (over <= 0) return;
    const most = [...this.#peers.values()].map((peer) => ({
      peer,
      bytes: peer.waitingBytes,
    })).sort((a, b) => b.bytes - a.bytes);
    for (const { peer, bytes } of most) {
      if (over <= 0) return;
      peer.terminate();
      over -= bytes;
    }
  }

  send(conn: ConnId, text: string): void {
    this.#gather(conn, text === PONG ? PONG_FRAME : textFrame(text));
  }

  broadcast(conns: readonly ConnId[], text: string): void {
    const frame = textFrame(text);
    for (const conn of conns) this.#gather(conn, frame);
  }

  /** Closes one, and ends its socket if the peer does not answer in time. */
  close(conn: ConnId, code: number, reason: string): void {
    const peer = this.#peers.get(conn);
    if (peer === undefined) return;
    peer.close(code, reason);
    this.#clock.after(PEER.closingMs, () => {
      if (this.#peers.has(conn)) peer.terminate();
    });
  }

  /** Tells all of them that the relay goes away (1001); returns when they have gone, or a moment later. */
  async closeAll(): Promise<void> {
    for (const peer of this.#peers.values()) {
      peer.close(CLOSE.goingAway, "the relay stops");
    }
    const end = this.#clock.monotonic() + STOP_MS;
    while (this.#peers.size > 0 && this.#clock.monotonic() < end) {
      await new Promise<void>((resolve) => this.#clock.after(20, resolve));
    }
  }

  #gather(conn: ConnId, frame: Buffer): void {
    const peer = this.#peers.get(conn);
    if (peer === undefined) return;
    peer.gather(frame, this.#start);
    if (this.#due.size === 0) queueMicrotask(() => this.#flush());
    this.#due.add(peer);
  }

  #flush(): void {
    const due = this.#due;
    this.#due = new Set();
    this.#start = Bundle.empty();
    for (const peer of due) peer.flush();
  }
}
