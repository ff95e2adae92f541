import { type Clock, pause } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Room } from "../core/room.ts";
import { WRITE_AGAIN_MS } from "../core/room_step.ts";
import type { RoomEffect } from "../core/session_events.ts";
import type { StoredState } from "../stored_state.ts";
import type { Receiver } from "./receiver.ts";

export interface HeldMessagesOptions {
  readonly receiver: Pick<Receiver, "release" | "unknownGap">;
  readonly stored: Pick<StoredState, "rooms" | "failed" | "recovered">;
  readonly clock: Clock;
}

/** Brings what waits in a room into the mailbox. Each ends early, and then says nothing, when it is given up. */
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
  ): Promise<"released" | "hole" | "unwritten" | null> {
    const { receiver, stored } = this.#options;
    const { gapFirst, holesAreGaps } = effect;
    try {
      if (gapFirst) receiver.unknownGap(room);
      const came = await receiver.release(room, { holesAreGaps, signal });
      // A room that could not be written when it was entered is owed until it is.
      if (came === "released") stored.rooms.settle(room);
      return came;
    } catch (error) {
      if (signal.aborted) return null;
      stored.failed(Failure.from(error));
      return "unwritten";
    }
  }

  /** What waited in a room that is no more, tried until the disk takes it. Never rejects. */
  async takeRest(
    room: Room,
    { gapFirst }: { readonly gapFirst: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const { stored, clock } = this.#options;
    while (!signal.aborted) {
      try {
        return await this.takeAsItIs(room, { gapFirst, signal });
      } catch (error) {
        if (signal.aborted) return;
        stored.failed(Failure.from(error));
        await pause(clock, { ms: WRITE_AGAIN_MS, signal });
      }
    }
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
