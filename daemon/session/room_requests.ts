import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  CreateRequest,
  JoinedRoom,
  LeftRoom,
} from "../../lib/local_api/types/rooms.ts";
import { defined } from "../../lib/defined.ts";
import type { RoomLeft } from "../../lib/protocol/frames.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { Brakes } from "./core/brakes.ts";
import type { Room } from "./core/room.ts";
import type { HeldMessages } from "./receive/held_messages.ts";
import type { Reconnect } from "./reconnect.ts";
import { leaveRoom } from "./room_entry.ts";
import type { RoomRunner } from "./room_runner.ts";
import type { Rooms } from "./rooms.ts";
import type { Outbox } from "./send/outbox.ts";

export interface RoomRequestsOptions {
  readonly rooms: Rooms;
  readonly runner: RoomRunner;
  readonly heldMessages: Pick<HeldMessages, "takeAsItIs">;
  readonly reconnect: Pick<Reconnect, "connection" | "connected">;
  readonly outbox: Pick<Outbox, "left">;
  readonly brakes: Pick<Brakes, "heard">;
  readonly clock: Clock;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/** Making, entering and leaving rooms, as asked for, one request a room at a time. Each rejects with a `Failure`. */
export class RoomRequests {
  readonly #options: RoomRequestsOptions;
  /** The last request of each room. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(options: RoomRequestsOptions) {
    this.#options = options;
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
    const frame = await reconnect.connected().create(
      { room: name, topic, tags },
      { signal: closed },
    );
    const now = clock.wall();
    const room = rooms.get(name) ?? rooms.add(name, now);
    room.wasMade(now);
    runner.entered(room, frame, true);
    return room.view;
  }

  async #join(name: RoomName): Promise<JoinedRoom> {
    const { rooms, runner, reconnect, clock } = this.#options;
    const frame = await reconnect.connected().join(name);
    const had = rooms.get(name);
    const room = had ?? rooms.add(name, clock.wall());
    runner.entered(room, frame, had === undefined);
    return room.view;
  }

  async #leave(name: RoomName): Promise<LeftRoom> {
    const { rooms, runner, outbox, brakes } = this.#options;
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
  #afterOthers<T>(name: string, request: () => Promise<T>): Promise<T> {
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
