import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  CreateRequest,
  JoinedRoom,
  LeftRoom,
  RoomRequest,
} from "../../lib/local_api/types.ts";
import type { RoomJoined } from "../../lib/protocol/frames.ts";
import type { Room, Rooms } from "./rooms.ts";
import { checkedRoom } from "./send/send_check.ts";
import { TurnsByName } from "./turns_by_name.ts";
import type { RelayConnection } from "./session_options.ts";

export interface RoomOperationsOptions {
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly connection: () => RelayConnection | undefined;
  /** The connection. @throws Failure NOT_CONNECTED */
  readonly connected: () => RelayConnection;
  readonly entered: (room: Room, frame: RoomJoined) => void;
  /** Gives up entering a room again: resolves, once that is over, to whether the relay may have us in it after all. */
  readonly halt: (room: Room) => Promise<boolean>;
  /** The room was not left after all: it is entered again where we are not in it, and paged where we are. */
  readonly resume: (room: Room) => void;
  /** Takes the live messages that wait in a room. Rejects with FILE_TROUBLE. */
  readonly takeWhatWaits: (room: Room) => Promise<void>;
  /** The room was left: gives back how many own messages are not sent for it. */
  readonly left: (room: Room) => number;
}

/** Entering and leaving rooms, as asked for, one operation a room at a time. Each rejects with a `Failure`. */
export class RoomOperations {
  readonly #options: RoomOperationsOptions;
  readonly #turns = new TurnsByName();

  constructor(options: RoomOperationsOptions) {
    this.#options = options;
  }

  async create(
    request: CreateRequest,
    signal: AbortSignal,
  ): Promise<JoinedRoom> {
    const name = checkedRoom(request.room);
    return await this.#turns.run(
      name,
      () => this.#create(name, request, signal),
    );
  }

  async join(request: RoomRequest): Promise<JoinedRoom> {
    const name = checkedRoom(request.room);
    return await this.#turns.run(name, () => this.#join(name));
  }

  /** Without a connection we are in no room, and forgetting it is leaving it. */
  async leave(request: RoomRequest): Promise<LeftRoom> {
    const name = checkedRoom(request.room);
    return await this.#turns.run(name, () => this.#leave(name));
  }

  async #create(
    name: string,
    request: CreateRequest,
    signal: AbortSignal,
  ): Promise<JoinedRoom> {
    const { rooms, clock, connected, entered } = this.#options;
    const { topic = "", tags = [] } = request;
    const frame = await connected().create({ room: name, topic, tags }, {
      signal,
    });
    const room = rooms.get(name) ?? rooms.add(name, clock.wall());
    room.createdHere = true;
    room.fresh = true;
    room.lastSeq = 0;
    room.lastAt = undefined;
    room.joinedAt = clock.wall();
    entered(room, frame);
    return room.view;
  }

  async #join(name: string): Promise<JoinedRoom> {
    const { rooms, clock, connected, entered } = this.#options;
    const frame = await connected().join(name);
    const had = rooms.get(name);
    const room = had ?? rooms.add(name, clock.wall());
    if (had?.joined) had.learn(frame);
    else entered(room, frame);
    return room.view;
  }

  async #leave(name: string): Promise<LeftRoom> {
    const { rooms, halt, takeWhatWaits, resume, left } = this.#options;
    const room = rooms.get(name);
    if (room === undefined) {
      throw notIn(name, "see the rooms that it is in: agentnet status");
    }
    const mayBeIn = await halt(room);
    try {
      await takeWhatWaits(room);
      await this.#tellRelay(room, mayBeIn || room.joined);
      room.joined = false;
      // What came until the relay let us go.
      await takeWhatWaits(room);
      rooms.forget(name);
    } catch (error) {
      resume(room);
      throw error;
    }
    const unsent = left(room);
    return { name, ...(unsent === 0 ? {} : { unsent }) };
  }

  async #tellRelay(room: Room, mayBeIn: boolean): Promise<void> {
    const line = this.#options.connection();
    if (line !== undefined && mayBeIn) await leaveOn(line, room.name);
  }

  /**
   * The members as last heard of; at once, unlike the others.
   *
   * @throws Failure NOT_IN_ROOM; NOT_CONNECTED or ROOM_NOT_JOINED for a room that waits to be joined again.
   */
  members(name: string): JoinedRoom {
    const { rooms, connected } = this.#options;
    const room = rooms.get(checkedRoom(name));
    if (room?.joined) return room.view;
    if (room === undefined || room.ended !== undefined) throw notIn(name);
    connected();
    throw new Failure("ROOM_NOT_JOINED", {
      fields: { room: room.name, reason: room.reason },
    });
  }
}

/** A relay that says we were not in it has what we want. */
async function leaveOn(line: RelayConnection, name: string): Promise<void> {
  try {
    await line.leave(name);
  } catch (error) {
    const gone = error instanceof Failure &&
      (error.code === "NOT_IN_ROOM" || error.code === "ROOM_NOT_FOUND");
    if (!gone) throw error;
  }
}

function notIn(room: string, fix?: string): Failure {
  return new Failure("NOT_IN_ROOM", { fields: { room, fix } });
}
