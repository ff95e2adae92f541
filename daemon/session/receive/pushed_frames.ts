import type { IdNames } from "../../../lib/client/id_names.ts";
import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { DeliveredDirect } from "../../../lib/protocol/direct_frames.ts";
import {
  type DeliveredMessage,
  type MessageAck,
  type RawObject,
  type RoomJoined,
  unreachable,
} from "../../../lib/protocol/frames.ts";
import type { PlainPush } from "../../../lib/client/connection_types.ts";
import { knownClosedReason } from "../../../lib/protocol/closed_reasons.ts";
import type { DirectInbox } from "../direct/direct_inbox.ts";
import type { PairPlaces } from "../direct/pair_places.ts";
import type { Heard } from "../heard.ts";
import type { RoomRunner } from "../room_runner.ts";
import type { Outbox } from "../send/outbox.ts";
import type { StoredState } from "../stored_state.ts";
import type { MessageChecks } from "./message_checks.ts";

export interface PushedFramesOptions {
  readonly stored: Pick<StoredState, "rooms" | "failed">;
  readonly checks: MessageChecks;
  readonly outbox: Pick<Outbox, "confirm">;
  readonly runner: Pick<
    RoomRunner,
    "happens" | "message" | "membersChanged" | "entered"
  >;
  readonly inbox: Pick<DirectInbox, "take">;
  readonly pairs: Pick<PairPlaces, "said" | "changed">;
  readonly names: IdNames;
  readonly clock: Clock;
  readonly heard: (event: Heard) => void;
}

/** What follows from what a relay sends unasked: messages, who comes and goes, rooms that end. */
export class PushedFrames {
  readonly #options: PushedFramesOptions;
  /** Frames about rooms that we are not in. */
  dropped = 0;

  constructor(options: PushedFramesOptions) {
    this.#options = options;
  }

  /** A message. @param raw the object just as it came: what the signature covers */
  said(frame: DeliveredMessage | DeliveredDirect, raw: RawObject): void {
    if (frame.type === "direct") return this.#options.inbox.take(frame, raw);
    const { stored: { rooms }, checks, runner, pairs } = this.#options;
    const room = rooms.get(frame.room);
    if (room === undefined && pairs.said(frame, raw)) return;
    if (room === undefined || room.ended !== undefined) {
      this.dropped++;
      return;
    }
    const message = checks.live(frame, raw);
    if (message !== null) runner.message(room, message);
  }

  /** A frame that is no message. */
  take(frame: PlainPush): void {
    if (frame.type === "message.ack") return this.#lateAck(frame);
    if (frame.type === "room.joined") return this.#lateJoined(frame);
    const { stored: { rooms }, names, runner, pairs, clock } = this.#options;
    const room = rooms.get(frame.room);
    if (room === undefined) {
      if (!pairs.changed(frame)) this.dropped++;
      return;
    }
    switch (frame.type) {
      case "room.member_joined":
        names.learn(frame);
        room.setMember({ ...frame.agent, joined_at: clock.wall() });
        return runner.membersChanged(room);
      case "room.member_left":
        names.learn(frame);
        room.removeMember(frame.agent.id);
        return runner.membersChanged(room);
      case "room.closed":
        return runner.happens(room, {
          type: "closed",
          reason: knownClosedReason(frame.reason) ??
            "the relay closed the room",
        });
      default:
        unreachable(frame);
    }
  }

  /** Messages may have gone by unread, nobody knows in which rooms: each is fetched, one just entered too. */
  overrun(): void {
    const { stored: { rooms }, runner } = this.#options;
    for (const room of rooms.all()) runner.happens(room, { type: "overrun" });
  }

  /** It took longer than it was waited for, and the relay has us in the room. */
  #lateJoined(frame: RoomJoined): void {
    const { stored: { rooms }, runner, heard } = this.#options;
    const room = rooms.get(frame.room);
    if (room === undefined) heard({ entered: frame });
    else runner.entered(room, frame, false);
  }

  #lateAck({ id, seq }: MessageAck): void {
    try {
      if (!this.#options.outbox.confirm(id, seq)) this.dropped++;
    } catch (error) {
      this.#options.stored.failed(Failure.from(error));
    }
  }
}
