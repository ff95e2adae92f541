import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Room } from "../core/room.ts";
import { WRITE_AGAIN_MS } from "../core/room_step.ts";
import type { RoomEffect, RoomEvent } from "../core/session_events.ts";
import { pause } from "../pause.ts";
import type { StoredState } from "../stored_state.ts";
import type { Receiver } from "./receiver.ts";

export interface HeldMessagesOptions {
  readonly receiver: Pick<Receiver, "release" | "unknownGap">;
  readonly stored: Pick<StoredState, "rooms" | "failed" | "recovered">;
  readonly clock: Clock;
}

/** Brings what waits in a room into the mailbox. What comes of it is the room's next event; null when it was given up. */
export class HeldMessages {
  readonly #options: HeldMessagesOptions;

  constructor(options: HeldMessagesOptions) {
    this.#options = options;
  }

  /** What waited while the room was fetched. Never rejects. */
  async release(
    room: Room,
    effect: Extract<RoomEffect, { do: "release" }>,
    signal: AbortSignal,
  ): Promise<RoomEvent | null> {
    const { receiver, stored } = this.#options;
    const { gapFirst, holesAreGaps } = effect;
    try {
      if (gapFirst) receiver.unknownGap(room);
      const type = await receiver.release(room, { holesAreGaps, signal });
      // A room that could not be written when it was entered is owed until it is.
      if (type === "released") stored.rooms.settle(room);
      return { type };
    } catch (error) {
      if (signal.aborted) return null;
      stored.failed(Failure.from(error));
      return { type: "unwritten" };
    }
  }

  /** What waited in a room that is no more, tried until the disk takes it. Never rejects. */
  async takeRest(
    room: Room,
    { gapFirst }: { readonly gapFirst: boolean },
    signal: AbortSignal,
  ): Promise<RoomEvent | null> {
    const { stored, clock } = this.#options;
    while (!signal.aborted) {
      try {
        await this.takeAsItIs(room, { gapFirst, signal });
        return { type: "rest_taken" };
      } catch (error) {
        if (signal.aborted) return null;
        stored.failed(Failure.from(error));
        await pause(clock, { ms: WRITE_AGAIN_MS, signal });
      }
    }
    return null;
  }

  /** What waits, with a gap wherever something may be missing. Rejects with FILE_TROUBLE, or the signal's reason. */
  async takeAsItIs(
    room: Room,
    { gapFirst, signal }: {
      readonly gapFirst: boolean;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const { receiver, stored } = this.#options;
    if (gapFirst) receiver.unknownGap(room);
    if (room.isHolding) {
      await receiver.release(room, { holesAreGaps: true, signal });
    } else if (!gapFirst) return;
    stored.recovered();
  }
}
