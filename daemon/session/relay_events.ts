import type { Push } from "../../lib/client/connection_types.ts";
import type { IdNames } from "../../lib/client/id_names.ts";
import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import {
  type MessageAck,
  type RoomJoined,
  unreachable,
} from "../../lib/protocol/frames.ts";
import type { CatchUp } from "./catch_up.ts";
import type { Intake } from "./receive/receiver.ts";
import type { JoinedRooms } from "./joined_rooms.ts";
import type { Outbox } from "./send/outbox.ts";
import type { Room, Rooms } from "./rooms.ts";

/** Who is told of what the relay does. */
export interface RelayEventsOptions {
  readonly rooms: Rooms;
  readonly names: IdNames;
  readonly intake: Intake;
  readonly catchUp: CatchUp;
  readonly joinedRooms: JoinedRooms;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** The mailbox could not be written. */
  readonly trouble: (failure: Failure) => void;
}

/** What follows from what the relay does: who is in which room, which rooms are to be paged or entered again. */
export class RelayEvents {
  readonly #options: RelayEventsOptions;
  /** Frames about rooms that we are not in. */
  dropped = 0;

  constructor(options: RelayEventsOptions) {
    this.#options = options;
  }

  /** Every room waits, and is entered and paged again after the next login. */
  disconnected(): void {
    this.#options.catchUp.stop();
    this.#options.joinedRooms.stop();
    this.#options.rooms.disconnected();
    this.#options.outbox.wake();
  }

  /** A frame that nobody asked for. */
  push(push: Push): void {
    if ("overrun" in push) return this.#overrun();
    const { frame } = push;
    if (frame.type === "message") {
      if ("raw" in push) this.#options.intake.live(frame, push.raw);
      return;
    }
    if (frame.type === "message.ack") return this.#lateAck(frame);
    const room = this.#options.rooms.get(frame.room);
    if (room === undefined) {
      this.dropped++;
      return;
    }
    switch (frame.type) {
      case "room.member_joined":
        this.#options.names.learn(frame);
        return room.setMember({
          ...frame.agent,
          joined_at: this.#options.clock.wall(),
        });
      case "room.member_left":
        this.#options.names.learn(frame);
        room.members.delete(frame.agent.id);
        return;
      case "room.closed":
        if (!room.joined) return;
        return this.#options.joinedRooms.ended(
          room,
          "the relay closed the room",
        );
      default:
        unreachable(frame);
    }
  }

  #lateAck({ id, seq }: MessageAck): void {
    try {
      if (!this.#options.outbox.confirm(id, seq)) this.dropped++;
    } catch (error) {
      this.#options.trouble(Failure.from(error));
    }
  }

  /** The relay has us in the room: it is remembered, paged, and what waits for it goes out. */
  entered(room: Room, frame: RoomJoined): void {
    room.ended = undefined;
    room.joined = true;
    room.leaving = false;
    room.learn(frame);
    this.#options.names.learn(frame);
    try {
      this.#options.rooms.save(room);
    } catch (error) {
      this.#options.trouble(Failure.from(error));
    }
    this.#options.catchUp.request(room);
    this.#options.outbox.wake();
  }

  /** Messages may have gone by unread, nobody knows in which rooms: each is paged, one just entered too. */
  #overrun(): void {
    for (const room of this.#options.rooms.all()) {
      if (!room.joined) continue;
      room.fresh = false;
      room.overflow = true;
      this.#options.catchUp.request(room);
    }
  }

  /** The relay does not have us in the room after all. */
  notInRoom(name: string): void {
    const room = this.#options.rooms.get(name);
    if (room === undefined || !room.joined) return;
    const reason = "the relay says that we are not in it; joining again";
    room.isAbsent({ state: "joining", reason });
    room.holding = true;
    this.#options.joinedRooms.request(room);
  }
}
