import type { Clock, Timer } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { LogEntry } from "../core/log/op.ts";
import {
  type Delivered,
  type LogLink,
  OtherLog,
  PULSE_MS,
} from "./log_link.ts";
import { parseBatch } from "./parse_batch.ts";
import { Patience } from "./patience.ts";

export interface FollowerOptions {
  readonly link: LogLink;
  /** The last position that is not wanted any more; 0 for all. */
  readonly after: number;
  /** In the log's order, each once, without a hole. */
  readonly entries: (entries: readonly LogEntry[]) => void;
  /** The log no longer holds the entry after this position, or is another one. */
  readonly cut: (after: number) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Silence after which a delivery counts as dead, and how long one that did not begin is waited for; milliseconds. */
const SILENT_MS = 3 * PULSE_MS;
const AGAIN_MS = 500;
const FAILURES_A_LINE = 20;
/** Most bytes that are handed over and not taken yet. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads the log from a position on, for good: a delivery that loses an entry, ends or falls silent is left, and another
 * one begun after the last entry handed over. The client's own ordered consumer hears of a server that is gone only
 * after a minute of silence.
 */
export class Follower {
  readonly #options: FollowerOptions;
  #position: number;
  /** Grows with each delivery: what an earlier one says is not heard. */
  #delivery = 0;
  #end: () => void = () => {};
  #order = 0;
  #heardAt: number;
  #watch: Timer | null = null;
  #handed: LogEntry[] = [];
  readonly #untaken: { readonly position: number; readonly bytes: number }[] =
    [];
  #untakenBytes = 0;
  #goOn: (() => void) | null = null;
  /** Deliveries in a row that did not begin. */
  #failures = 0;
  readonly #patience: Patience;
  #isStopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#position = options.after;
    const { clock, link } = options;
    this.#heardAt = clock.monotonic();
    this.#patience = new Patience(clock, () => link.move());
  }

  /** Begins, and begins anew where the way to the servers was lost. */
  begin(): void {
    if (this.#isStopped) return;
    this.#leave();
    const delivery = this.#delivery;
    const { clock, link } = this.#options;
    this.#heardAt = clock.monotonic();
    this.#watch = clock.after(PULSE_MS, () => this.#look());
    link.deliver(this.#position + 1, (said) => {
      if (delivery === this.#delivery) this.#heard(said);
    }).then(
      (end) => {
        if (delivery === this.#delivery) this.#end = end;
        else end();
      },
      (thrown) => {
        if (delivery === this.#delivery) this.#notBegun(thrown);
      },
    );
  }

  /** Whoever is given the entries has done with those up to this position. */
  taken(position: number): void {
    for (
      let next = this.#untaken[0];
      next !== undefined && next.position <= position;
      next = this.#untaken[0]
    ) {
      this.#untaken.shift();
      this.#untakenBytes -= next.bytes;
    }
    if (this.#untakenBytes >= MOST_BYTES) return;
    this.#goOn?.();
    this.#goOn = null;
  }

  stop(): void {
    this.#isStopped = true;
    this.#leave();
  }

  #leave(): void {
    this.#delivery++;
    this.#watch?.cancel();
    this.#end();
    this.#end = () => {};
    this.#order = 0;
    this.#goOn = null;
  }

  /** Servers that elect a leader, or will never let this relay read. */
  #notBegun(thrown: unknown): void {
    if (thrown instanceof OtherLog) {
      this.stop();
      return this.#options.cut(this.#position);
    }
    const reason = `${thrown}`;
    if (++this.#failures % FAILURES_A_LINE === 0) {
      this.#options.log.warn("the log can't be followed", { reason });
    }
    this.#patience.failed();
    this.#again(reason, AGAIN_MS);
  }

  #again(reason: string, waitMs: number): void {
    const { log, clock } = this.#options;
    log.debug("log followed anew", { reason, after: this.#position });
    this.#leave();
    this.#watch = clock.after(waitMs, () => this.begin());
  }

  /** A delivery says something each second, but for one that waits for our answer. */
  #look(): void {
    const { clock } = this.#options;
    const silent = clock.monotonic() - this.#heardAt;
    if (silent >= SILENT_MS && this.#goOn === null) {
      return this.#again("silence", 0);
    }
    this.#watch = clock.after(PULSE_MS, () => this.#look());
  }

  #heard(said: Delivered): void {
    this.#heardAt = this.#options.clock.monotonic();
    this.#failures = 0;
    this.#patience.worked();
    if (said.kind === "entry") this.#entry(said);
    else if (said.kind === "ended") this.#again(said.reason, AGAIN_MS);
    else if (said.kind === "pulse") {
      if (said.order !== this.#order) this.#again("an entry was lost", 0);
    } else if (this.#untakenBytes < MOST_BYTES) said.goOn();
    else this.#goOn = said.goOn;
  }

  #entry(
    { position, at, order, bytes }: Extract<Delivered, { kind: "entry" }>,
  ): void {
    if (order !== this.#order + 1) return this.#again("an entry was lost", 0);
    this.#order = order;
    if (position <= this.#position) return;
    if (position !== this.#position + 1) {
      this.stop();
      return this.#options.cut(this.#position);
    }
    this.#position = position;
    this.#untaken.push({ position, bytes: bytes.length });
    this.#untakenBytes += bytes.length;
    this.#hand({ position, at, batch: parseBatch(bytes) });
  }

  /** What comes at once goes on at once. */
  #hand(entry: LogEntry): void {
    this.#handed.push(entry);
    if (this.#handed.length > 1) return;
    queueMicrotask(() => {
      const entries = this.#handed;
      this.#handed = [];
      this.#options.entries(entries);
    });
  }
}
