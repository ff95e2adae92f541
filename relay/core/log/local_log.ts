import type { Now } from "../events.ts";
import type { RoomsCore } from "../rooms/rooms_core.ts";
import type { RoomsOp } from "./op.ts";
import type { OpLog } from "./op_log.ts";

const ALONE = { node: "", isHere: true };

/** The log of a relay that is alone: an op is applied as it comes, in the order in which frames are handled. */
export class LocalLog implements OpLog {
  readonly #rooms: RoomsCore;

  constructor(rooms: RoomsCore) {
    this.#rooms = rooms;
  }

  submit(op: RoomsOp, now: Now): void {
    this.#rooms.apply(op, ALONE, now);
  }

  tick(now: Now): void {
    this.#rooms.tick(now);
  }

  time(now: Now): Now {
    return now;
  }
}
