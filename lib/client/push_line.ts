import type { Clock, Timer } from "../clock.ts";
import type {
  ConnectionEnd,
  ConnectionEvents,
  Push,
} from "./connection_types.ts";

/** Held pushes past this many are given out at once: memory is worth more than their place behind an answer. */
const MOST_HELD = 1_000;

/**
 * Hands pushes to the owner of a connection in the order of the line, and its end last. Just after an answer they
 * are held for one turn of the event loop, so that whoever asked has seen the answer before what came behind it.
 */
export class PushLine {
  readonly #clock: Clock;
  readonly #events: ConnectionEvents;
  /** A consumer threw. */
  readonly #failed: (error: unknown) => void;
  #held: Push[] = [];
  #end: ConnectionEnd | undefined;
  #finished = false;
  #timer: Timer | undefined;

  constructor(
    clock: Clock,
    options: {
      readonly events: ConnectionEvents;
      readonly failed: (error: unknown) => void;
    },
  ) {
    this.#clock = clock;
    this.#events = options.events;
    this.#failed = options.failed;
  }

  /** Holds what comes until this turn of the event loop is over. */
  hold(): void {
    if (this.#timer !== undefined || this.#finished) return;
    this.#timer = this.#clock.after(0, () => this.#release());
  }

  push(push: Push): void {
    if (this.#finished || this.#end !== undefined) return;
    if (this.#timer === undefined) return this.#deliver(push);
    this.#held.push(push);
    if (this.#held.length > MOST_HELD) this.#release();
  }

  /** Gives the end to the owner, after what is held. */
  finish(end: ConnectionEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (this.#timer === undefined) this.#release();
  }

  #release(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const held = this.#held;
    this.#held = [];
    for (const push of held) this.#deliver(push);
    if (this.#end === undefined || this.#finished) return;
    this.#finished = true;
    this.#guard(() => this.#end && this.#events.ended(this.#end));
  }

  #deliver(push: Push): void {
    if (this.#finished) return;
    this.#guard(() => this.#events.push(push));
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(error);
    }
  }
}
