import type { Logger } from "../../lib/log.ts";
import type { RoomJoined } from "../../lib/protocol/frames.ts";
import type { Heard } from "./heard.ts";
import type { Parts } from "./parts.ts";

/** Gives what a session hears from its parts to those that it concerns. */
export class HeardEvents {
  readonly #parts: Parts;
  readonly #log: Logger;
  #dropped = 0;

  constructor(parts: Parts, log: Logger) {
    this.#parts = parts;
    this.#log = log;
  }

  /** Frames that could not be read. */
  get dropped(): number {
    return this.#dropped;
  }

  take(event: Heard): void {
    const { runner, pushed, presences, heardReceipts, outbox } = this.#parts;
    if ("marks" in event) heardReceipts.heard(event.marks, event.raw);
    else if ("raw" in event) pushed.said(event.frame, event.raw);
    else if ("frame" in event) pushed.take(event.frame);
    else if ("overrun" in event) pushed.overrun();
    else if ("connected" in event) this.#connected();
    else if ("wakeable" in event) presences.tell();
    else if ("disconnected" in event) this.#disconnected();
    else if ("here" in event) void outbox.wake();
    else if ("outside" in event) runner.happensTo(event.outside, "outside");
    else if ("missed" in event) runner.happensTo(event.missed, "overrun");
    else if ("entered" in event) this.#entered(event.entered);
    else this.#noteDropped(event.dropped);
  }

  #entered(frame: RoomJoined): void {
    const { requests, pushed } = this.#parts;
    if (!requests.late(frame)) pushed.dropped++;
  }

  #connected(): void {
    const { runner, inbox, pairs, presences, sealed, hearing } = this.#parts;
    const { receipts, intake } = this.#parts;
    for (const part of [runner, inbox, pairs, presences, sealed, intake]) {
      part.connected();
    }
    hearing.tellLost();
    receipts.changed();
  }

  #disconnected(): void {
    const { runner, pairs } = this.#parts;
    pairs.disconnected();
    runner.disconnected();
  }

  #noteDropped(reason: string): void {
    this.#dropped++;
    this.#log.debug("frame dropped", { reason });
  }
}
