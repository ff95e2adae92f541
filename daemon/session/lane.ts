import type { Clock, Timer } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { Room } from "./core/room.ts";

export interface LaneOptions {
  /** What is done with a room; tells itself what came of it. */
  readonly work: (room: Room, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Current {
  readonly room: Room;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** One kind of work, done with one room at a time, in the order in which it was asked for. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting = new Set<Room>();
  #current: Current | undefined;
  #rest: Timer | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Asks for the work; one that waits already keeps its place. */
  add(room: Room): void {
    this.#waiting.add(room);
    this.#next();
  }

  /** Takes a room out. Resolves once nothing is done with it any more. */
  remove(room: Room): Promise<void> {
    this.#waiting.delete(room);
    if (this.#current?.room !== room) return Promise.resolve();
    this.#current.stop.abort(new Failure("NOT_CONNECTED"));
    return this.#current.done;
  }

  /** Lets no room begin for so many milliseconds. */
  rest(ms: number): void {
    this.#rest?.cancel();
    this.#rest = this.#options.clock.after(ms, () => {
      this.#rest = undefined;
      this.#next();
    });
  }

  /** Takes all rooms out. */
  clear(): void {
    this.#waiting.clear();
    this.#rest?.cancel();
    this.#rest = undefined;
    this.#current?.stop.abort(new Failure("NOT_CONNECTED"));
  }

  #next(): void {
    const [room] = this.#waiting;
    const isFree = this.#current === undefined && this.#rest === undefined;
    if (room === undefined || !isFree) return;
    this.#waiting.delete(room);
    const stop = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#current = { room, stop, done };
    this.#run(room, stop.signal).then(() => {
      this.#current = undefined;
      resolve();
      this.#next();
    });
  }

  /** What the work did not tell is a fault of ours, and no reason to stop the lane. */
  async #run(room: Room, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.work(room, signal);
    } catch (error) {
      if (signal.aborted) return;
      const reason = Failure.from(error).message;
      this.#options.log.error("room work broke", { room: room.name, reason });
    }
  }
}
