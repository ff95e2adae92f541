import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { RoomJoined } from "../../lib/protocol/frames.ts";
import type { Logger } from "../../lib/log.ts";
import { pause } from "./pause.ts";
import { retryPauseMs } from "./core/retry_pause.ts";
import type { Room, Rooms } from "./rooms.ts";
import type { RelayConnection } from "./session_options.ts";

export interface JoinedRoomsOptions {
  readonly rooms: Rooms;
  readonly connection: () => RelayConnection | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** The relay has us in the room: its past is to be paged. */
  readonly entered: (room: Room, frame: RoomJoined) => void;
  /** The room is no more: resolves when nothing of it waits for the mailbox. Never rejects. */
  readonly lastTaken: (room: Room) => Promise<void>;
  /** The mailbox could not be written. */
  readonly trouble: (failure: Failure) => void;
}

/** A room that is being entered, what gives that up, and when it ends. */
interface Entering {
  readonly name: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** From a refusal without a time of its own to the next try; milliseconds. */
const AGAIN_MS = 30_000;
/** How long a room that ended is looked for: somebody may make it again after the relay's create age. */
const SOUGHT_MS = 15 * 60_000;
const SEEK_EVERY_MS = 60_000;

/**
 * Brings this agent back into its rooms after a reconnect, one by one, within the relay's limits. A room that ended is
 * made again if this agent made it, else sought for a while, and shown as ended all along.
 */
export class JoinedRooms {
  readonly #options: JoinedRoomsOptions;
  readonly #waiting = new Set<string>();
  /** Monotonic time until which an ended room is sought. */
  readonly #soughtUntil = new Map<string, number>();
  #entering: Entering | undefined;
  #running = false;
  #stopped = new AbortController();

  constructor(options: JoinedRoomsOptions) {
    this.#options = options;
  }

  /** Connected: every room that has not ended is entered again. */
  start(): void {
    for (const room of this.#options.rooms.all()) {
      if (room.ended !== undefined && !this.#isSought(room)) continue;
      room.isAbsent({ state: "joining", reason: "joining again" });
      this.request(room);
    }
  }

  /** Asks that the room be entered. */
  request(room: Room): void {
    if (room.leaving) return;
    this.#waiting.add(room.name);
    if (!this.#running) this.#run().catch((error) => this.#broke(error));
  }

  /**
   * The room is to be left: it is entered no longer.
   *
   * @returns once nothing of that is under way, whether the relay may have us in it after all
   */
  async halt(room: Room): Promise<boolean> {
    const { name } = room;
    room.leaving = true;
    this.#waiting.delete(name);
    if (this.#entering?.name !== name) return false;
    this.#entering.stop.abort(new Failure("NOT_IN_ROOM"));
    await this.#entering.done;
    return true;
  }

  /** The room was not left after all. */
  resume(room: Room): void {
    room.leaving = false;
    if (!room.joined) this.request(room);
  }

  /** The connection is gone. */
  stop(): void {
    this.#stopped.abort(new Failure("NOT_CONNECTED"));
    this.#stopped = new AbortController();
    this.#waiting.clear();
  }

  /** Notes that the room is no more; it is sought or made again once all that was said in it is had. */
  ended(room: Room, reason: string): void {
    const { clock, log } = this.#options;
    room.ended = reason;
    room.joined = false;
    log.warn("room ended", { room: room.name, again: room.createdHere });
    this.#soughtUntil.set(room.name, clock.monotonic() + SOUGHT_MS);
    this.#end(room, reason).catch((error) => this.#broke(error));
  }

  async #end(room: Room, reason: string): Promise<void> {
    const { rooms, clock, lastTaken, trouble } = this.#options;
    await lastTaken(room);
    // Entered anew meanwhile, or left.
    if (room.ended !== reason || !this.#isCurrent(room)) return;
    try {
      rooms.end(room, { reason, now: clock.wall() });
    } catch (error) {
      trouble(Failure.from(error));
    }
    this.request(room);
  }

  #isSought(room: Room): boolean {
    const until = this.#soughtUntil.get(room.name);
    const { clock } = this.#options;
    if (room.createdHere) return true;
    if (until !== undefined && clock.monotonic() < until) return true;
    this.#soughtUntil.delete(room.name);
    return false;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        const [name] = this.#waiting;
        if (name === undefined) return;
        const stop = new AbortController();
        const signal = AbortSignal.any([this.#stopped.signal, stop.signal]);
        const done = this.#one(name, signal);
        this.#entering = { name, stop, done };
        await done;
      }
    } finally {
      this.#entering = undefined;
      this.#running = false;
    }
  }

  #broke(error: unknown): void {
    const reason = Failure.from(error).message;
    this.#options.log.error("rejoining broke", { reason });
  }

  async #one(name: string, signal: AbortSignal): Promise<void> {
    const room = this.#options.rooms.get(name);
    const connection = this.#options.connection();
    this.#waiting.delete(name);
    if (room === undefined || connection === undefined || room.joined) return;
    try {
      const frame = await this.#enter(room, connection, signal);
      if (signal.aborted || !this.#isCurrent(room)) return;
      this.#soughtUntil.delete(name);
      this.#options.entered(room, frame);
    } catch (error) {
      if (signal.aborted || !this.#isCurrent(room)) return;
      await this.#failed(room, Failure.from(error), signal);
    }
  }

  /** Left in the meantime, or left and entered anew. */
  #isCurrent(room: Room): boolean {
    return this.#options.rooms.get(room.name) === room;
  }

  #enter(
    room: Room,
    connection: RelayConnection,
    signal: AbortSignal,
  ): Promise<RoomJoined> {
    if (room.ended === undefined || !room.createdHere) {
      return connection.join(room.name);
    }
    const { name, topic, tags } = room;
    return connection.create({ room: name, topic, tags }, { signal })
      .catch((error) => {
        const exists = error instanceof Failure && error.code === "ROOM_EXISTS";
        if (exists) return connection.join(name);
        throw error;
      });
  }

  async #failed(
    room: Room,
    failure: Failure,
    signal: AbortSignal,
  ): Promise<void> {
    if (failure.code === "ROOM_NOT_FOUND") {
      if (room.ended === undefined) {
        return this.ended(room, "the room has ended");
      }
      if (this.#isSought(room)) return this.#again(room, SEEK_EVERY_MS, signal);
      return;
    }
    const { code, message, retryAfterMs } = failure;
    room.isAbsent({ state: "waiting", reason: `${message}; trying again` });
    this.#options.log.info("room not joined yet", { room: room.name, code });
    const ms = retryPauseMs(failure, AGAIN_MS);
    const isMaking = room.ended !== undefined && room.createdHere;
    if (retryAfterMs === undefined || isMaking) {
      return this.#again(room, ms, signal);
    }
    this.#waiting.add(room.name);
    await pause(this.#options.clock, { ms, signal });
  }

  /** Later, without keeping the other rooms from their turn. */
  #again(room: Room, ms: number, signal: AbortSignal): void {
    pause(this.#options.clock, { ms, signal }).then(() => {
      if (!signal.aborted && this.#isCurrent(room)) this.request(room);
    }, (error) => this.#broke(error));
  }
}
