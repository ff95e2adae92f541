import { type Clock, pause } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { Room } from "./core/room.ts";

export interface RoomTasksOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is under way or planned with rooms, one task a room: a new one ends the one before. */
export class RoomTasks {
  readonly #options: RoomTasksOptions;
  readonly #tasks = new Map<Room, AbortController>();
  #isClosed = false;

  constructor(options: RoomTasksOptions) {
    this.#options = options;
  }

  /** Starts a task; what it did not tell is a fault of ours, and logged. */
  start(room: Room, task: (signal: AbortSignal) => Promise<void>): void {
    if (this.#isClosed) return;
    this.stop(room);
    const stop = new AbortController();
    this.#tasks.set(room, stop);
    this.#run(room, task(stop.signal)).then(() => {
      if (this.#tasks.get(room) === stop) this.#tasks.delete(room);
    });
  }

  /** Does something after so many milliseconds. */
  later(room: Room, ms: number, action: () => void): void {
    this.start(room, async (signal) => {
      await pause(this.#options.clock, { ms, signal });
      if (!signal.aborted) action();
    });
  }

  stop(room: Room): void {
    const task = this.#tasks.get(room);
    this.#tasks.delete(room);
    task?.abort(new Failure("NOT_CONNECTED"));
  }

  /** Ends them all; none is started any more, since what was under way elsewhere may still ask for it. */
  close(): void {
    this.#isClosed = true;
    for (const room of [...this.#tasks.keys()]) this.stop(room);
  }

  async #run(room: Room, task: Promise<void>): Promise<void> {
    try {
      await task;
    } catch (error) {
      const reason = Failure.from(error).message;
      this.#options.log.error("room work broke", { room: room.name, reason });
    }
  }
}
