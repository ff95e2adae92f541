import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  CreateRequest,
  JoinedRoom,
  LeftRoom,
} from "../../lib/local_api/types/rooms.ts";
import { defined } from "../../lib/defined.ts";
import type { Logger } from "../../lib/log.ts";
import type { RoomJoined, RoomLeft } from "../../lib/protocol/frames.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { isPrivateWire } from "../../lib/sealed/sealed_text.ts";
import type { Brakes } from "./core/brakes.ts";
import type { Room } from "./core/room.ts";
import type { HeldMessages } from "./receive/held_messages.ts";
import type { Reconnect } from "./reconnect.ts";
import { leaveRoom } from "./room_entry.ts";
import type { RoomRunner } from "./room_runner.ts";
import type { Rooms } from "./rooms.ts";
import type { Outbox } from "./send/outbox.ts";
import type { RelayConnection } from "./session_options.ts";
import { type AskedEntry, UnansweredEntries } from "./unanswered_entries.ts";

export interface RoomRequestsOptions {
  readonly rooms: Rooms;
  readonly runner: RoomRunner;
  readonly heldMessages: Pick<HeldMessages, "takeAsItIs">;
  readonly reconnect: Pick<Reconnect, "connection" | "connected">;
  readonly outbox: Pick<Outbox, "left">;
  readonly brakes: Pick<Brakes, "heard">;
  readonly clock: Clock;
  readonly log: Logger;
  /** What a room is called on the wire, by what it is called here. */
  readonly wireOf: (name: string) => string;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/** Making, entering and leaving rooms, as asked for, one request a room at a time. Each rejects with a `Failure`. */
export class RoomRequests {
  readonly #options: RoomRequestsOptions;
  /** The last request of each room, by its name on the wire. */
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #unanswered: UnansweredEntries;

  constructor(options: RoomRequestsOptions) {
    this.#options = options;
    this.#unanswered = new UnansweredEntries(options);
  }

  create(request: CreateRequest): Promise<JoinedRoom> {
    return this.#afterOthers(request.room, () => this.#create(request));
  }

  join(name: RoomName): Promise<JoinedRoom> {
    return this.#afterOthers(name, () => this.#join(name));
  }

  /** Without a connection we are in no room, and forgetting it is leaving it. */
  leave(name: RoomName): Promise<LeftRoom> {
    return this.#afterOthers(name, () => this.#leave(name));
  }

  /**
   * The relay has us in a room that is none of ours. Where we asked for it, and had no answer in time, it is ours now; what
   * a private one would be opened by is forgotten, so that one is left.
   *
   * @returns whether we asked for it
   */
  late(frame: RoomJoined): boolean {
    const asked = this.#unanswered.take(frame.room);
    if (asked === undefined) return false;
    const { reconnect: { connection }, log } = this.#options;
    this.#afterOthers(frame.room, () => this.#late(frame, asked, connection))
      .catch((error) =>
        log.warn("late answer", { reason: Failure.from(error).message })
      );
    return true;
  }

  /** Is in a room that is none of ours for as long as something is done there. Rejects as that, too. */
  visit<T>(
    name: RoomName,
    action: (connection: RelayConnection) => Promise<T>,
  ): Promise<T> {
    return this.#afterOthers(name, async () => {
      const { reconnect } = this.#options;
      const connection = reconnect.connected();
      await this.#orNote(name, "leave", connection.join(name));
      try {
        return await action(connection);
      } finally {
        if (!this.#isOurs(name)) await leaveRoom(connection, name);
      }
    });
  }

  /**
   * The members as last heard of; at once, unlike the others.
   *
   * @throws Failure NOT_IN_ROOM; NOT_CONNECTED or ROOM_NOT_JOINED for a room that waits to be joined again.
   */
  members(name: string): JoinedRoom {
    const { rooms, reconnect } = this.#options;
    const room = rooms.get(name);
    if (room?.joined) return room.view;
    if (room === undefined || room.ended !== undefined) throw notIn(name);
    reconnect.connected();
    throw new Failure("ROOM_NOT_JOINED", {
      fields: { room: room.name, reason: room.reason },
    });
  }

  async #create(request: CreateRequest): Promise<JoinedRoom> {
    const { rooms, runner, reconnect, clock, closed } = this.#options;
    const { room: name, topic = "", tags = [] } = request;
    const plan = { room: name, topic, tags };
    const creating = reconnect.connected().create(plan, { signal: closed });
    const frame = await this.#orNote(name, "create", creating);
    const now = clock.wall();
    const room = rooms.get(name) ?? rooms.add(name, now);
    room.wasMade(now);
    runner.entered(room, frame, true);
    return room.view;
  }

  async #join(name: RoomName): Promise<JoinedRoom> {
    const { rooms, runner, reconnect, clock } = this.#options;
    const joining = reconnect.connected().join(name);
    const frame = await this.#orNote(name, "join", joining);
    const had = rooms.get(name);
    const room = had ?? rooms.add(name, clock.wall());
    runner.entered(room, frame, had === undefined);
    return room.view;
  }

  /** What a relay that did not answer in time may say later is to be known as asked for. */
  async #orNote(
    name: string,
    asked: AskedEntry,
    entering: Promise<RoomJoined>,
  ): Promise<RoomJoined> {
    try {
      return await entering;
    } catch (error) {
      const { code } = Failure.from(error);
      if (code === "OUTCOME_UNKNOWN") this.#unanswered.note(name, asked);
      throw error;
    }
  }

  /** Whether it is among the rooms here, by whatever name. */
  #isOurs(name: string): boolean {
    const { rooms, wireOf } = this.#options;
    return rooms.all().some((room) => wireOf(room.name) === wireOf(name));
  }

  async #late(
    frame: RoomJoined,
    asked: AskedEntry,
    connection: RelayConnection | undefined,
  ): Promise<void> {
    const { rooms, runner, reconnect, clock } = this.#options;
    const { room: name } = frame;
    const isOver = connection === undefined ||
      reconnect.connection !== connection;
    if (isOver || this.#isOurs(name)) return;
    if (asked === "leave" || isPrivateWire(name)) {
      await leaveRoom(connection, name);
      return;
    }
    const now = clock.wall();
    const room = rooms.add(name, now);
    if (asked === "create") room.wasMade(now);
    runner.entered(room, frame, true);
  }

  async #leave(name: RoomName): Promise<LeftRoom> {
    const { rooms, runner, outbox, brakes } = this.#options;
    this.#unanswered.giveUp(name);
    const room = rooms.get(name);
    if (room === undefined) {
      throw notIn(name, "see the rooms that it is in: agentnet status");
    }
    runner.happens(room, { type: "leave_asked" });
    let left: RoomLeft | undefined;
    try {
      await runner.halted(room);
      await this.#takeHeld(room);
      left = await this.#tellRelay(room);
      // What came until the relay let us go.
      await this.#takeHeld(room);
      rooms.forget(room);
    } catch (error) {
      // The relay may have let us go: being in it is asked for again.
      const isUnknown = error instanceof Failure &&
        error.code === "OUTCOME_UNKNOWN";
      if (isUnknown) runner.happens(room, { type: "outside" });
      runner.happens(room, { type: "stays" });
      throw error;
    }
    runner.happens(room, { type: "left" });
    brakes.heard(name);
    const unsent = outbox.left(name);
    return {
      name,
      ...(unsent === 0 ? {} : { unsent }),
      ...(left === undefined ? {} : {
        others: left.others,
        ...defined({ kept_until: left.kept_until }),
      }),
    };
  }

  /** What waits is taken, behind a gap for what was not fetched. Rejects with FILE_TROUBLE. */
  async #takeHeld(room: Room): Promise<void> {
    const { runner, heldMessages, closed: signal } = this.#options;
    if (!room.isHolding) return;
    let gapFirst = !room.isFresh;
    do {
      await heldMessages.takeAsItIs(room, { gapFirst, signal });
      gapFirst = false;
    } while (room.isHolding);
    runner.happens(room, { type: "rest_taken" });
  }

  async #tellRelay(room: Room): Promise<RoomLeft | undefined> {
    const { runner, reconnect: { connection } } = this.#options;
    const { state } = room;
    const isTold = state.at === "leaving" && (state.isIn || state.mayBeIn);
    const left = isTold && connection !== undefined
      ? await leaveRoom(connection, room.name)
      : undefined;
    runner.happens(room, { type: "left_at_relay" });
    return left;
  }

  /** Runs a request when all earlier ones of that room have ended, however they did. */
  #afterOthers<T>(room: string, request: () => Promise<T>): Promise<T> {
    const name = this.#options.wireOf(room);
    const before = this.#last.get(name) ?? Promise.resolve();
    const turn = before.then(request, request);
    this.#last.set(name, turn);
    const forget = () => {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    };
    turn.then(forget, forget);
    return turn;
  }
}

function notIn(room: string, fix?: string): Failure {
  return new Failure("NOT_IN_ROOM", { fields: { room, fix } });
}
