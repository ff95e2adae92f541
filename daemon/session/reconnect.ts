import { Failure } from "../../lib/errors.ts";
import type { Clock, Timer } from "../../lib/clock.ts";
import type {
  ConnectionEnd,
  ConnectionEvents,
  Push,
} from "../../lib/client/connection_types.ts";
import type { Logger } from "../../lib/log.ts";
import type { RelayConnection } from "./session_options.ts";
import {
  nextState,
  type ReconnectEvent,
  type ReconnectState,
  STABLE_MS,
  STARTING,
} from "./core/reconnect_state.ts";

/** Without a lasting connection for so long, the log warns, and again after each further hour; milliseconds. */
const LONG_MS = 120_000;
const WARN_AGAIN_MS = 3_600_000;
/** Connected means a sign of life within so many milliseconds. */
const ALIVE_MS = 45_000;

export interface ReconnectOptions {
  readonly dial: (
    events: ConnectionEvents,
    signal: AbortSignal,
  ) => Promise<RelayConnection>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  readonly connected: (connection: RelayConnection) => void;
  readonly disconnected: () => void;
  readonly push: (push: Push) => void;
  readonly dropped: (reason: string) => void;
}

/** Keeps one connection up: dials, waits with jitter, dials again, for ever. */
export class Reconnect {
  readonly #options: ReconnectOptions;
  #state: ReconnectState = STARTING;
  #connection: RelayConnection | undefined;
  #timer: Timer | undefined;
  /** Of the try or the connection that is current; what an older one calls back is ignored. */
  #current = new AbortController();
  #lastPongWall: number | undefined;
  /** Since when there is no lasting connection, and when the log is to warn of it; monotonic. */
  #offlineSince = 0;
  #warnAt = Infinity;

  constructor(options: ReconnectOptions) {
    this.#options = options;
    this.#offline();
  }

  get state(): ReconnectState {
    return this.#state;
  }

  /** The connection, while there is one. */
  get connection(): RelayConnection | undefined {
    return this.#connection;
  }

  /** The connection. @throws Failure NOT_CONNECTED, with the time of the next try */
  connected(): RelayConnection {
    if (this.#connection !== undefined) return this.#connection;
    const { reason, retryAt } = this.#state;
    const waitMs = (retryAt ?? 0) - this.#options.clock.wall();
    throw new Failure("NOT_CONNECTED", {
      fields: { reason },
      ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}),
    });
  }

  /** Our clock less the relay's in milliseconds, 0 when unknown. */
  get clockSkewMs(): number {
    return this.#connection?.clockSkewMs ?? 0;
  }

  /** Whether a pong (or the welcome) came within the last 45 s. */
  get isAlive(): boolean {
    const { clock } = this.#options;
    return this.#connection !== undefined &&
      clock.monotonic() - this.#connection.lastPongAt <= ALIVE_MS;
  }

  /** Wall clock of the last pong. */
  get lastPongWall(): number | undefined {
    return this.#lastPongWall;
  }

  start(): void {
    this.#current.abort();
    this.#timer?.cancel();
    const current = new AbortController();
    this.#current = current;
    this.#move({ type: "dialling" });
    this.#dial(current).catch((error) => this.#failed(current, error));
  }

  /** Starts after a pause, as after a connection that was lost: what ended the session may have been the relay. */
  startAgain(restarts: number, why: string): void {
    const reason = `the session was started again: ${why}`;
    this.#retry({ type: "restarted", restarts, reason, ...this.#chance() });
  }

  stop(): void {
    this.#current.abort();
    this.#timer?.cancel();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
    this.#move({ type: "stopped" });
  }

  async #dial(current: AbortController): Promise<void> {
    const connection = await this.#options.dial(
      this.#events(current),
      current.signal,
    );
    if (current.signal.aborted) return connection.close();
    this.#connection = connection;
    this.#lastPongWall = this.#options.clock.wall();
    this.#move({ type: "connected", relay: connection.relay });
    this.#timer = this.#options.clock.after(
      STABLE_MS,
      () => this.#move({ type: "stable" }),
    );
    this.#options.connected(connection);
  }

  /** What a connection is told of: what it pushes goes to the owner as it is, since a closed one pushes nothing. */
  #events(current: AbortController): ConnectionEvents {
    const { clock, push, dropped } = this.#options;
    const live = () => !current.signal.aborted;
    return {
      ...{ push, dropped },
      pong: () => {
        if (live()) this.#lastPongWall = clock.wall();
      },
      proving: (difficulty) =>
        live() && this.#move({ type: "proving", difficulty }),
      ended: (end) => live() && this.#ended(end),
    };
  }

  #failed(current: AbortController, error: unknown): void {
    if (current.signal.aborted) return;
    const failure = Failure.from(error);
    const { code, message } = failure;
    if (this.#connection !== undefined) return this.#broken(message);
    // That there is no connection is what the state says already.
    const reason = code === "NOT_CONNECTED"
      ? failure.reason ?? message
      : message;
    this.#retry({ type: "failed", code, reason, ...this.#chance() });
  }

  /** What was to be done with a new connection failed: a fault of ours. */
  #broken(reason: string): void {
    const connection = this.#connection;
    this.#ended({ kind: "lost", reason: `internal: ${reason}` });
    connection?.close();
  }

  #ended(end: ConnectionEnd): void {
    this.#connection = undefined;
    // One that comes and goes at once is no end of the trouble.
    if (this.#state.attempt === 0) this.#offline();
    this.#retry({ type: "ended", end, ...this.#chance() });
    this.#options.disconnected();
  }

  #retry(event: ReconnectEvent): void {
    this.#current.abort();
    this.#timer?.cancel();
    this.#move(event);
    const { clock } = this.#options;
    const waitMs = (this.#state.retryAt ?? clock.wall()) - clock.wall();
    this.#timer = clock.after(waitMs, () => this.start());
  }

  #chance(): { readonly wall: number; readonly random: number } {
    const { clock, random } = this.#options;
    return { wall: clock.wall(), random: random() };
  }

  #move(event: ReconnectEvent): void {
    const before = this.#state.phase;
    this.#state = nextState(this.#state, event);
    const { phase, reason, attempt } = this.#state;
    if (phase === before) return;
    const { log, clock } = this.#options;
    const now = clock.monotonic();
    const fields = { phase, reason, attempt };
    if (this.#state.retryAt === undefined || now < this.#warnAt) {
      return log.info("connection", fields);
    }
    this.#warnAt = now + WARN_AGAIN_MS;
    const minutes = Math.floor((now - this.#offlineSince) / 60_000);
    log.warn("no lasting connection", { ...fields, minutes });
  }

  #offline(): void {
    this.#offlineSince = this.#options.clock.monotonic();
    this.#warnAt = this.#offlineSince + LONG_MS;
  }
}
