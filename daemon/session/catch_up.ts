import { type Clock, sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { Intake } from "./intake.ts";
import { type RoomPaging, SLICE } from "./room_paging.ts";
import type { Room, Rooms } from "./rooms.ts";
import type { RelayConnection } from "./session_options.ts";

export interface CatchUpOptions {
  readonly rooms: Rooms;
  readonly intake: Intake;
  readonly paging: RoomPaging;
  readonly connection: () => RelayConnection | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** The mailbox could not be written; this tries again. */
  readonly trouble: (failure: Failure) => void;
  /** A room stands where the relay stands. */
  readonly caughtUp: (room: Room) => void;
}

/** A room in which others speak faster than we page is taken as it comes after so many tries. */
const MOST_ROUNDS = 10;
/** From a failed try to the next, where nothing else is said; milliseconds. */
const AGAIN_MS = 10_000;
/** Tries at a history that does not answer, while live messages wait, before it is called a gap. */
const MOST_TRIES = 3;

/**
 * Pages each room back to the last message had, one room at a time, while its live messages wait; what can't be had
 * becomes a gap.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #waiting = new Set<string>();
  /** Times that a room's history did not answer. */
  readonly #tries = new Map<string, number>();
  #running = false;
  #stopped = new AbortController();

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Asks that the room be paged; its live messages wait meanwhile. */
  request(room: Room): void {
    room.holding = true;
    this.#waiting.add(room.name);
    if (!this.#running) this.#run().catch((error) => this.#broke(error));
  }

  /** The connection is gone: rooms are asked for again after the next. */
  stop(): void {
    this.#stopped.abort(new Failure("NOT_CONNECTED"));
    this.#stopped = new AbortController();
    this.#waiting.clear();
    this.#tries.clear();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        const [name] = this.#waiting;
        if (name === undefined) return;
        await this.#one(name);
      }
    } finally {
      this.#running = false;
    }
  }

  #broke(error: unknown): void {
    this.#options.log.error("catch-up broke", {
      reason: Failure.from(error).message,
    });
  }

  /** One room, until it stands where the relay stands or the connection is gone. */
  async #one(name: string): Promise<void> {
    const { signal } = this.#stopped;
    const room = this.#options.rooms.get(name);
    const connection = this.#options.connection();
    try {
      if (room !== undefined && connection !== undefined && room.joined) {
        await this.#page(room, connection, signal);
      }
    } catch (error) {
      await this.#failed(room, Failure.from(error), signal);
      return;
    }
    if (signal.aborted) return;
    this.#waiting.delete(name);
    this.#tries.delete(name);
  }

  async #page(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    for (let round = 1;; round++) {
      room.overflow = false;
      await this.#options.paging.past(room, connection, signal);
      room.fresh = false;
      if (await this.#release(room, round >= MOST_ROUNDS, signal)) break;
    }
    this.#options.caughtUp(room);
  }

  /** @returns false when the room must be paged once more: others spoke meanwhile */
  async #release(
    room: Room,
    holesAreGaps: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (;;) {
      signal.throwIfAborted();
      const { intake } = this.#options;
      const done = intake.release(room, { most: SLICE, holesAreGaps });
      if (done !== "more") return done === "done";
      await this.#options.paging.turn(signal);
    }
  }

  /** A passing trouble is waited out; what the relay won't give is a gap. */
  async #failed(
    room: Room | undefined,
    failure: Failure,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted || room === undefined) return;
    if (failure.code === "FILE_TROUBLE") this.#options.trouble(failure);
    if (isPassing(failure) && !this.#isEnough(room, failure)) {
      return await this.#later(room, failure.retryAfterMs ?? AGAIN_MS);
    }
    const { code } = failure;
    this.#options.log.warn("no history to be had", { room: room.name, code });
    try {
      await this.#giveUp(room, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.trouble(Failure.from(error));
      await this.#later(room, AGAIN_MS);
    }
  }

  #isEnough(room: Room, failure: Failure): boolean {
    if (failure.retryAfterMs !== undefined || failure.code === "FILE_TROUBLE") {
      return false;
    }
    const tries = (this.#tries.get(room.name) ?? 0) + 1;
    this.#tries.set(room.name, tries);
    return tries >= MOST_TRIES;
  }

  async #giveUp(room: Room, signal: AbortSignal): Promise<void> {
    const { intake } = this.#options;
    if (room.lastAt !== undefined) intake.unknownGap(room);
    await this.#release(room, true, signal);
    room.fresh = false;
    this.#waiting.delete(room.name);
    this.#options.caughtUp(room);
  }

  /** Other rooms go first. */
  async #later(room: Room, ms: number): Promise<void> {
    const { signal } = this.#stopped;
    this.#waiting.delete(room.name);
    this.#waiting.add(room.name);
    try {
      await sleep(this.#options.clock, ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

function isPassing(failure: Failure): boolean {
  return failure.retryAfterMs !== undefined ||
    failure.code === "FILE_TROUBLE" || failure.code === "NOT_CONNECTED" ||
    failure.code === "OUTCOME_UNKNOWN";
}
