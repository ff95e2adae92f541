import type { Now } from "../events.ts";
import type { RoomsOp } from "./op.ts";

/** Where ops go to be put in order: from there they are applied to the rooms. */
export interface OpLog {
  /** Takes an op; what it leads to comes when it is applied, at once or later. */
  submit(op: RoomsOp, now: Now): void;
  /** About a second has passed. */
  tick(now: Now): void;
  /** The time by which rooms go: `now` of this relay, or that of the last op applied. */
  time(now: Now): Now;
}
