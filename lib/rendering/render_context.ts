import {
  drawMarker,
  type Fence,
  makeFence,
  MARKER_BYTES,
} from "../guards/fence.ts";

/** Wall clock, for the day, and the source of a fence's marker. */
export interface RenderContext {
  readonly clock: { wall(): number };
  randomBytes(count: number): Uint8Array;
}

/** A fence with a marker drawn for this call. */
export function newFence(context: Pick<RenderContext, "randomBytes">): Fence {
  return makeFence(drawMarker(context.randomBytes(MARKER_BYTES)));
}
