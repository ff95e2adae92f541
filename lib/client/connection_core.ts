import { Failure } from "../errors.ts";
import {
  type ErrorFrame,
  type RelayFrame,
  unreachable,
} from "../protocol/frames.ts";
import { abortable } from "./abortable.ts";
import { closedByPeer, notConnected } from "./connection_end.ts";
import type { ConnectionEnd, ConnectOptions } from "./connection_types.ts";
import { Exchange, type Question } from "./exchange.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Inbox, InboxEvent } from "./inbox.ts";
import type { ReadyFrame } from "./outgoing.ts";
import { OperationQueue } from "./operation_queue.ts";
import { Pings } from "./pings.ts";

const PING = JSON.stringify({ type: "ping" });

/** The machinery of a connection after its login: who gets which frame, signs of life, and the one end. */
export class ConnectionCore {
  readonly #options: ConnectOptions;
  readonly #inbox: Inbox;
  readonly #pings: Pings;
  readonly #heartbeat: Heartbeat;
  readonly #exchange: Exchange;
  readonly #queue = new OperationQueue();
  readonly #ended = new AbortController();
  /** An error that answered nothing of ours, until another frame comes: it may be why the relay closes. */
  #stray: ErrorFrame | undefined;

  constructor(options: ConnectOptions, inbox: Inbox) {
    const { clock, randomBytes } = options;
    this.#options = options;
    this.#inbox = inbox;
    this.#pings = new Pings({
      clock,
      send: () => inbox.send(PING),
      silent: () => this.#end({ kind: "silent", reason: "no pong in 15 s" }),
    });
    this.#heartbeat = new Heartbeat({
      clock,
      random: () => (randomBytes(1)[0] ?? 0) / 256,
      beat: () => this.#pings.send(),
    });
    this.#exchange = new Exchange({
      ...{ line: inbox, clock, pings: this.#pings },
      settled: () => inbox.hold(),
    });
    // Whoever awaits the login sees it before any push.
    inbox.hold();
    inbox.listen(this.#take);
  }

  get lastPongAt(): number {
    return this.#pings.lastPongAt;
  }

  /** Aborted with NOT_CONNECTED when the connection ends. */
  get endSignal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Runs an operation when its turn comes. */
  run<T>(
    task: (core: this) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#queue.run(async () => {
      this.endSignal.throwIfAborted();
      try {
        return await task(this);
      } catch (error) {
        if (signal?.aborted && error === signal.reason) throw error;
        throw Failure.from(error);
      }
    }, signal);
  }

  ask<T>(question: Question<T>): Promise<T> {
    return this.#exchange.ask(question);
  }

  /** Waits for what doesn't depend on the line, but no longer than the connection lives. */
  alive<T>(promise: Promise<T>): Promise<T> {
    return abortable(promise, this.endSignal);
  }

  /** Hands over a frame that nothing answers; on a line that is gone it is dropped. */
  tell(frame: ReadyFrame): void {
    if (!this.endSignal.aborted) this.#inbox.send(frame.text);
  }

  ping(): Promise<number> {
    if (this.endSignal.aborted) return Promise.reject(this.endSignal.reason);
    const pong = new Promise<number>((resolve) => this.#pings.send(resolve));
    return this.alive(pong);
  }

  close(): void {
    this.#end({ kind: "closed_by_us", reason: "closed by us" });
  }

  readonly #take = (event: InboxEvent): void => {
    if (event.kind !== "frame") return this.#takeOther(event);
    const { frame, raw } = event;
    this.#stray = undefined;
    switch (frame.type) {
      case "message":
      case "direct":
        return this.#options.events.push({ frame, raw });
      case "marks":
        return this.#options.events.push({ marks: frame, raw });
      case "room.member_joined":
      case "room.member_left":
      case "room.closed":
        return this.#options.events.push({ frame });
      case "pong":
        return this.#pong();
      case "error":
      case "welcome":
      case "pow.challenge":
      case "room.joined":
      case "rooms.list.result":
      case "room.history.result":
      case "message.ack":
      case "room.left":
      case "room.presence.result":
        return this.#answer(frame);
      default:
        unreachable(frame);
    }
  };

  #takeOther(event: Exclude<InboxEvent, { kind: "frame" }>): void {
    switch (event.kind) {
      case "too_large":
        return this.#end({
          kind: "frame_too_large",
          reason: "the relay sent a frame over 1 MB",
        });
      case "overrun":
        return this.#options.events.push({ overrun: true });
      case "ended":
        return this.#end(closedByPeer(event.end, this.#stray));
      default:
        unreachable(event);
    }
  }

  #answer(frame: RelayFrame): void {
    const { events } = this.#options;
    if (this.#exchange.offer(frame)) return;
    // Nobody waits for it any more, but the message is stored, or the room has us in it.
    const isLate = frame.type === "message.ack" || frame.type === "room.joined";
    if (isLate) return events.push({ frame });
    if (frame.type === "error") this.#stray = frame;
    events.dropped(`unexpected ${frame.type}`);
  }

  #pong(): void {
    const { events } = this.#options;
    const rttMs = this.#pings.pong();
    if (rttMs === undefined) events.dropped("unexpected pong");
    else events.pong(rttMs);
  }

  /** Everything that waits is told before the owner is. */
  #end(end: ConnectionEnd): void {
    if (this.endSignal.aborted) return;
    const failure = notConnected(end);
    this.#heartbeat.stop();
    this.#pings.stop();
    this.#exchange.lost();
    // Whoever asked something sees its outcome before the owner sees the end.
    const isAsked = this.#inbox.isHolding;
    this.#inbox.close();
    this.#ended.abort(failure);
    this.#queue.close(failure);
    if (isAsked) this.#options.clock.after(0, () => this.#tellEnd(end));
    else this.#tellEnd(end);
  }

  /** An owner that throws now is a fault of ours that can end no connection any more. */
  #tellEnd(end: ConnectionEnd): void {
    try {
      this.#options.events.ended(end);
    } catch (error) {
      reportError(error);
    }
  }
}
