import type { IdNames } from "../../lib/client/id_names.ts";
import { Failure } from "../../lib/errors.ts";
import type { RoomJoined } from "../../lib/protocol/frames.ts";
import { entryFailed } from "./core/failure_events.ts";
import type { Room } from "./core/room.ts";
import type { RoomEffect, RoomEvent } from "./core/session_events.ts";
import { Lane } from "./lane.ts";
import { fetchPause } from "./fetch_pause.ts";
import { fetchPast, type PastFetchOptions } from "./past_fetch.ts";
import type { HeldMessages } from "./receive/held_messages.ts";
import type { Receiver } from "./receive/receiver.ts";
import type { VerifiedMessage } from "./core/verified_message.ts";
import { enterAgain } from "./room_entry.ts";
import { RoomTasks } from "./room_tasks.ts";
import type { Outbox } from "./send/outbox.ts";
import type { StoredState } from "./stored_state.ts";

export interface RoomRunnerOptions extends PastFetchOptions {
  readonly stored: StoredState;
  readonly receiver: Pick<Receiver, "misses" | "take">;
  readonly heldMessages: HeldMessages;
  readonly outbox: Pick<Outbox, "wake">;
  readonly names: IdNames;
  /** This agent's key. */
  readonly me: string;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/**
 * Does what nextRoom says: rooms are entered one at a time, their past is fetched one at a time, and what comes of it is
 * the next event. Nothing else moves a room.
 */
export class RoomRunner {
  readonly #options: RoomRunnerOptions;
  readonly #entries: Lane;
  readonly #fetches: Lane;
  /** What is under way or planned outside of the lanes. */
  readonly #tasks: RoomTasks;

  constructor(options: RoomRunnerOptions) {
    const { clock, log } = options;
    this.#options = options;
    this.#tasks = new RoomTasks({ clock, log });
    this.#entries = new Lane({
      ...{ clock, log },
      work: (room, signal) => this.#enter(room, signal),
    });
    this.#fetches = new Lane({
      ...{ clock, log },
      work: (room, signal) => this.#fetch(room, signal),
    });
  }

  /** Moves a room on, and does what follows. */
  happens(room: Room, event: RoomEvent): void {
    for (const effect of room.happens(event)) this.#do(room, effect);
  }

  /** A live message of a room; where it can't be written, it waits. */
  message(room: Room, message: VerifiedMessage): void {
    const { receiver, stored } = this.#options;
    const misses = receiver.misses(room, message);
    for (const effect of room.happens({ type: "message", misses })) {
      if (effect.do === "hold") room.hold(message);
      if (effect.do !== "take") {
        this.#do(room, effect);
        continue;
      }
      try {
        receiver.take(room, message);
      } catch (error) {
        room.hold(message);
        stored.failed(Failure.from(error));
        this.happens(room, { type: "unwritten" });
      }
    }
  }

  /** The relay has us in the room; where it did before, it says who else is. @param fresh it was just made, or never entered */
  entered(room: Room, frame: RoomJoined, fresh: boolean): void {
    const isNew = fresh || !room.joined;
    room.learn(frame);
    this.#options.names.learn(frame);
    if (!isNew) return this.membersChanged(room);
    room.seeking.ranks(room.memberIds, this.#options.me);
    this.happens(room, { type: "entered", fresh });
  }

  connected(): void {
    const { stored: { rooms } } = this.#options;
    for (const room of rooms.all()) this.happens(room, { type: "connected" });
  }

  disconnected(): void {
    const { stored: { rooms }, outbox } = this.#options;
    this.#entries.clear();
    for (const room of rooms.all()) {
      room.wasDisconnected();
      this.happens(room, { type: "disconnected" });
    }
    outbox.wake();
  }

  /** Who is in the room is another now: who would make it again is remembered. */
  membersChanged(room: Room): void {
    const isNew = room.seeking.ranks(room.memberIds, this.#options.me);
    if (isNew) this.#save(room);
  }

  /** What is known of a room by its name alone, where it is one of ours. */
  happensTo(name: string, type: "outside" | "overrun"): void {
    const room = this.#options.stored.rooms.get(name);
    if (room !== undefined) this.happens(room, { type });
  }

  /** Nothing more is done with a room; resolves once nothing is under way. */
  async halted(room: Room): Promise<void> {
    this.#tasks.stop(room);
    await Promise.all([this.#entries.remove(room), this.#fetches.remove(room)]);
  }

  /** Ends all that is under way. */
  close(): void {
    this.#entries.clear();
    this.#fetches.clear();
    this.#tasks.close();
  }

  #do(room: Room, effect: RoomEffect): void {
    switch (effect.do) {
      case "enter":
        return this.#entries.add(room);
      case "enter_later":
        if (effect.forAll) this.#entries.rest(effect.ms);
        return this.#enterLater(room, effect.ms);
      case "seek_later":
        return this.#enterLater(
          room,
          room.seeking.missed(this.#options.random()),
        );
      case "fetch":
        return this.#fetches.add(room);
      case "fetch_later":
        return this.#fetchLater(room, effect);
      case "release":
        return this.#tasks.start(
          room,
          (signal) => this.#release(room, effect, signal),
        );
      case "take_rest":
        return this.#takeRest(room, effect);
      case "stop":
        return void this.halted(room);
      case "take":
      case "hold":
        return;
      case "note_break":
        return room.breaks();
      case "note_overflow":
        room.noteOverflow();
        return;
      case "save":
        return this.#save(room);
      case "end":
        return this.#end(room, effect.reason);
      case "caught_up":
        return this.#caughtUp(room);
      case "wake_sends":
        void this.#options.outbox.wake();
        return;
      default:
        effect satisfies never;
    }
  }

  #enterLater(room: Room, ms: number): void {
    this.#tasks.later(
      room,
      ms,
      () => this.happens(room, { type: "entry_due" }),
    );
  }

  async #enter(room: Room, signal: AbortSignal): Promise<void> {
    const { connection } = this.#options.reconnect;
    if (connection === undefined || room.state.at !== "queued") return;
    this.happens(room, { type: "asked" });
    const entry = await enterAgain(room, connection, signal);
    if (signal.aborted) return;
    if ("frame" in entry) return this.entered(room, entry.frame, false);
    const { failure, asked } = entry;
    const { log } = this.#options;
    log.info("room not joined yet", { room: room.name, code: failure.code });
    this.happens(room, entryFailed(failure, asked));
  }

  async #fetch(room: Room, signal: AbortSignal): Promise<void> {
    if (room.state.at !== "fetching") return;
    const event = await fetchPast(room, signal, this.#options);
    if (event !== null) this.happens(room, event);
  }

  /** Tries again later, while other rooms have their turn. */
  #fetchLater(
    room: Room,
    effect: Extract<RoomEffect, { do: "fetch_later" }>,
  ): void {
    const { clock } = this.#options;
    this.#tasks.start(room, async (signal) => {
      const type = await fetchPause(room, { ...effect, clock, signal });
      if (!signal.aborted) this.happens(room, { type });
    });
  }

  async #release(
    room: Room,
    effect: Extract<RoomEffect, { do: "release" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const { heldMessages } = this.#options;
    const type = await heldMessages.release(room, effect, signal);
    if (type === null || signal.aborted) return;
    const rest = room.isHolding;
    this.happens(room, type === "released" ? { type, rest } : { type });
  }

  #takeRest(
    room: Room,
    effect: Extract<RoomEffect, { do: "take_rest" }>,
  ): void {
    const { heldMessages, clock } = this.#options;
    room.closes(clock.wall());
    this.#tasks.start(room, async (signal) => {
      await heldMessages.takeRest(room, effect, signal);
      if (!signal.aborted) this.happens(room, { type: "rest_taken" });
    });
  }

  #end(room: Room, reason: string): void {
    this.#options.log.warn("room ended", { room: room.name, reason });
    room.hasEnded();
    this.#save(room);
  }

  #caughtUp(room: Room): void {
    const { stored } = this.#options;
    room.patience.reset();
    stored.recovered();
  }

  #save(room: Room): void {
    const { stored } = this.#options;
    try {
      stored.rooms.save(room);
    } catch (error) {
      stored.failed(Failure.from(error));
    }
  }
}
