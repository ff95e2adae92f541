import { Failure } from "../errors.ts";
import {
  type ErrorFrame,
  type RawObject,
  type RelayFrame,
  unreachable,
} from "../protocol/frames.ts";
import { abortable } from "./abortable.ts";
import { closedByPeer, notConnected } from "./connection_end.ts";
import type { ConnectionEnd, ConnectOptions } from "./connection_types.ts";
import { Exchange, type Question } from "./exchange.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Line, LineEvent } from "./line.ts";
import { OperationQueue } from "./operation_queue.ts";
import { Pings } from "./pings.ts";
import { PushLine } from "./push_line.ts";

const PING = JSON.stringify({ type: "ping" });

/** The machinery of a connection after its login: who gets which frame, signs of life, and the one end. */
export class ConnectionCore {
  readonly #options: ConnectOptions;
  readonly #line: Line;
  readonly #pings: Pings;
  readonly #heartbeat: Heartbeat;
  readonly #exchange: Exchange;
  readonly #queue = new OperationQueue();
  readonly #pushes: PushLine;
  readonly #ended = new AbortController();
  /** An error that answered nothing of ours, until another frame comes: it may be why the relay closes. */
  #stray: ErrorFrame | undefined;

  constructor(options: ConnectOptions, line: Line) {
    const { clock, randomBytes } = options;
    this.#options = options;
    this.#line = line;
    this.#pushes = new PushLine(clock, {
      events: options.events,
      failed: (error) => this.#consumerFailed(error),
    });
    this.#pings = new Pings({
      clock,
      send: () => line.send(PING),
      silent: () => this.#end({ kind: "silent", reason: "no pong in 15 s" }),
    });
    this.#heartbeat = new Heartbeat({
      clock,
      random: () => (randomBytes(1)[0] ?? 0) / 256,
      beat: () => this.#pings.send(),
    });
    this.#exchange = new Exchange({
      ...{ line, clock, pings: this.#pings },
      settled: () => this.#pushes.hold(),
    });
    // Whoever awaits the login sees it before any push.
    this.#pushes.hold();
    line.listen((event) => this.#take(event));
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

  ping(): Promise<number> {
    if (this.endSignal.aborted) return Promise.reject(this.endSignal.reason);
    const pong = new Promise<number>((resolve) => this.#pings.send(resolve));
    return this.alive(pong);
  }

  close(): void {
    this.#end({ kind: "closed_by_us", reason: "closed by us" });
  }

  #take(event: LineEvent): void {
    switch (event.kind) {
      case "frame":
        return this.#route(event.frame, event.raw);
      case "too_large":
        return this.#end({
          kind: "frame_too_large",
          reason: "the relay sent a frame over 1 MB",
        });
      case "overrun":
        return this.#pushes.push({ overrun: true });
      case "ended":
        return this.#end(closedByPeer(event.end, this.#stray));
      default:
        unreachable(event);
    }
  }

  #route(frame: RelayFrame, raw: RawObject): void {
    this.#stray = undefined;
    switch (frame.type) {
      case "message":
        return this.#pushes.push({ frame, raw });
      case "room.member_joined":
      case "room.member_left":
      case "room.closed":
        return this.#pushes.push({ frame });
      case "pong":
        return this.#pong();
      case "error":
      case "welcome":
      case "pow.challenge":
      case "room.joined":
      case "rooms.list.result":
      case "room.history.result":
      case "message.ack":
        return this.#answer(frame);
      default:
        unreachable(frame);
    }
  }

  #answer(frame: RelayFrame): void {
    if (this.#exchange.offer(frame)) return;
    // Nobody waits for it any more, but the message is stored.
    if (frame.type === "message.ack") return this.#pushes.push({ frame });
    if (frame.type === "error") this.#stray = frame;
    this.#dropped(`unexpected ${frame.type}`);
  }

  #pong(): void {
    const rttMs = this.#pings.pong();
    if (rttMs === undefined) return this.#dropped("unexpected pong");
    this.#guard(() => this.#options.events.pong(rttMs));
  }

  #dropped(reason: string): void {
    this.#guard(() => this.#options.events.dropped(reason));
  }

  /** Everything that waits is told before the owner is. */
  #end(end: ConnectionEnd): void {
    if (this.endSignal.aborted) return;
    const failure = notConnected(end);
    this.#heartbeat.stop();
    this.#pings.stop();
    this.#line.close(1000, "");
    this.#exchange.lost();
    this.#ended.abort(failure);
    this.#queue.close(failure);
    this.#pushes.finish(end);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#consumerFailed(error);
    }
  }

  /** The owner's callback threw: a fault of ours, which ends this connection and not the process. */
  #consumerFailed(error: unknown): void {
    if (this.endSignal.aborted) return reportError(error);
    const reason = `internal: ${Failure.from(error).message}`;
    this.#end({ kind: "lost", reason });
  }
}
