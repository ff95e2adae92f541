import type { Clock, Timer } from "../../lib/clock.ts";
import { pause } from "./pause.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { HistoryPatience } from "./core/history_patience.ts";
import type { Intake } from "./receive/receiver.ts";
import { retryPauseMs } from "./core/retry_pause.ts";
import { type RoomPaging, SLICE } from "./receive/room_past.ts";
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
  /** The relay does not have us in the room after all. */
  readonly notInRoom: (room: Room) => void;
  /** Aborted when the mailbox is closed. */
  readonly closed: AbortSignal;
}

/** A room in which others speak faster than we page is taken as it comes after so many tries. */
const MOST_ROUNDS = 10;
/** From a failed try to the next, where nothing else is said; milliseconds. */
const AGAIN_MS = 10_000;
/** How often it is looked whether live messages have waited long enough; milliseconds. */
const LOOK_EVERY_MS = 5_000;

/**
 * Pages each room back to the last message had, one room at a time, while its live messages wait; what can't be had
 * becomes a gap.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #waiting = new Set<string>();
  readonly #patience: HistoryPatience;
  /** Rooms that are tried again later. */
  readonly #timers = new Map<string, Timer>();
  /** The room that is being paged, what ends that, and when it has. */
  #current: Paged | undefined;
  #running = false;
  #stopped = new AbortController();

  constructor(options: CatchUpOptions) {
    this.#options = options;
    this.#patience = new HistoryPatience(options.clock);
  }

  /** Asks that the room be paged; its live messages wait meanwhile. */
  request(room: Room): void {
    room.holding = true;
    this.#timers.get(room.name)?.cancel();
    this.#timers.delete(room.name);
    this.#waiting.add(room.name);
    if (!this.#running) this.#run().catch((error) => this.#broke(error));
  }

  /** The connection is gone: rooms are asked for again after the next. */
  stop(): void {
    this.#stopped.abort(new Failure("NOT_CONNECTED"));
    this.#stopped = new AbortController();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#waiting.clear();
    this.#patience.clear();
  }

  /** The room is to be left: what waits is taken now, behind a gap for what was not paged. Rejects with FILE_TROUBLE. */
  async takeWhatWaits(room: Room): Promise<void> {
    await this.#halt(room.name);
    if (room.held.length > 0) await this.#giveUp(room, this.#options.closed);
  }

  /**
   * The room is no more: the same, and what was not paged is a gap even where nothing waits. Resolves when that is in the
   * mailbox, the session is closed, or the room is there again and paged as ever. Never rejects.
   */
  async ended(room: Room): Promise<void> {
    const { closed, trouble, clock } = this.#options;
    await this.#halt(room.name);
    while (room.holding && !room.joined && !closed.aborted) {
      try {
        return await this.#giveUp(room, closed);
      } catch (error) {
        if (closed.aborted) return;
        trouble(Failure.from(error));
        await pause(clock, { ms: AGAIN_MS, signal: closed });
      }
    }
  }

  /** The room is paged no longer; resolves when nothing of that is under way. */
  async #halt(name: string): Promise<void> {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
    this.#waiting.delete(name);
    if (this.#current?.name !== name) return;
    this.#current.stop.abort(new Failure("NOT_IN_ROOM"));
    await this.#current.done;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        const [name] = this.#waiting;
        if (name === undefined) return;
        // At once: whoever asks for the room while it is paged has it paged once more.
        this.#waiting.delete(name);
        const stop = new AbortController();
        const signal = AbortSignal.any([this.#stopped.signal, stop.signal]);
        const done = this.#one(name, signal);
        this.#current = { name, stop, done };
        await done;
      }
    } finally {
      this.#current = undefined;
      this.#running = false;
    }
  }

  #broke(error: unknown): void {
    this.#options.log.error("catch-up broke", {
      reason: Failure.from(error).message,
    });
  }

  /** One room, until it stands where the relay stands or the connection is gone. */
  async #one(name: string, signal: AbortSignal): Promise<void> {
    const room = this.#options.rooms.get(name);
    const connection = this.#options.connection();
    try {
      if (room !== undefined && connection !== undefined && room.joined) {
        await this.#page(room, connection, signal);
      }
    } catch (error) {
      await this.#failed(name, Failure.from(error), signal);
      return;
    }
    if (signal.aborted) return;
    this.#settled(name);
  }

  #settled(name: string): void {
    this.#patience.forget(name);
  }

  async #page(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    for (let round = 1;; round++) {
      await this.#past(room, connection, signal);
      room.fresh = false;
      if (await this.#release(room, round >= MOST_ROUNDS, signal)) break;
    }
    this.#options.rooms.settle(room);
    this.#options.caughtUp(room);
  }

  /** What went by unheld is had again by paging, unless that fails. */
  async #past(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<void> {
    const { overflow } = room;
    room.overflow = false;
    try {
      await this.#options.paging.past(room, connection, signal);
    } catch (error) {
      room.overflow ||= overflow;
      throw error;
    }
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
    name: string,
    failure: Failure,
    signal: AbortSignal,
  ): Promise<void> {
    const room = this.#options.rooms.get(name);
    if (signal.aborted) return;
    if (room === undefined || !room.joined) return this.#settled(name);
    if (failure.code === "FILE_TROUBLE") this.#options.trouble(failure);
    if (this.#isOutside(failure) && !this.#patience.isOver(room, failure)) {
      return this.#options.notInRoom(room);
    }
    if (isPassing(failure) && !this.#patience.isOver(room, failure)) {
      return this.#later(room, {
        ms: retryPauseMs(failure, AGAIN_MS),
        mayGiveUp: failure.code !== "FILE_TROUBLE",
      });
    }
    const { code } = failure;
    this.#options.log.warn("no history to be had", { room: room.name, code });
    await this.#giveUpOrLater(room, signal);
  }

  /** The relay does not know us in the room: its own word on a history that all who are in may have. */
  #isOutside({ code }: Failure): boolean {
    const isWord = code === "NOT_IN_ROOM" || code === "ROOM_NOT_FOUND";
    return isWord &&
      this.#options.connection()?.features.has("history") === true;
  }

  async #giveUpOrLater(room: Room, signal: AbortSignal): Promise<void> {
    try {
      await this.#giveUp(room, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.trouble(Failure.from(error));
      this.#later(room, { ms: AGAIN_MS, mayGiveUp: false });
    }
  }

  async #giveUp(room: Room, signal: AbortSignal): Promise<void> {
    const { intake } = this.#options;
    if (!room.fresh) intake.unknownGap(room);
    await this.#release(room, true, signal);
    if (room.joined) this.#options.rooms.settle(room);
    room.fresh = false;
    this.#settled(room.name);
    this.#options.caughtUp(room);
  }

  /** Tries again later, while other rooms have their turn; live messages don't wait that long. */
  #later(room: Room, { ms, mayGiveUp }: Again): void {
    this.#waiting.delete(room.name);
    const timer = this.#options.clock.after(
      Math.min(ms, LOOK_EVERY_MS),
      () => this.#look(room, { ms: ms - LOOK_EVERY_MS, mayGiveUp }),
    );
    this.#timers.set(room.name, timer);
  }

  #look(room: Room, again: Again): void {
    this.#timers.delete(room.name);
    if (again.mayGiveUp && this.#patience.hasHeldLong(room)) {
      this.#giveUpOrLater(room, this.#stopped.signal)
        .catch((error) => this.#broke(error));
    } else if (again.ms > 0) this.#later(room, again);
    else this.request(room);
  }
}

interface Paged {
  readonly name: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** In how many milliseconds a room is tried again, and whether what waits may be let go with a gap before. */
interface Again {
  readonly ms: number;
  readonly mayGiveUp: boolean;
}

function isPassing(failure: Failure): boolean {
  return failure.retryAfterMs !== undefined ||
    failure.code === "FILE_TROUBLE" || failure.code === "NOT_CONNECTED" ||
    failure.code === "RELAY_SILENT";
}
