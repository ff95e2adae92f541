import type { Clock } from "../clock.ts";
import type { RelayFrame, RoomJoined } from "../protocol/frames.ts";
import { TIMES } from "../protocol/limits.ts";
import type { ClockSkew } from "./clock_skew.ts";
import type { ConnectionCore } from "./connection_core.ts";
import type { FindProof } from "./connection_types.ts";
import type { Outgoing, RoomPlan } from "./outgoing.ts";
import { prove } from "./proving.ts";

export interface CreateRoomOptions {
  readonly core: ConnectionCore;
  readonly outgoing: Outgoing;
  readonly skew: ClockSkew;
  readonly clock: Clock;
  readonly findProof: FindProof;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/**
 * `room.create`, the proof of work that the relay asks for, and `room.create` again with it (protocol.md section 4);
 * a relay may as well make the room at once.
 *
 * @param plan its room is a valid name.
 */
export async function createRoom(
  plan: RoomPlan,
  options: CreateRoomOptions,
): Promise<RoomJoined> {
  const { core, outgoing, skew, clock, findProof, limitMs } = options;
  const { room } = plan;
  const signal = options.signal === undefined
    ? core.endSignal
    : AbortSignal.any([core.endSignal, options.signal]);
  const asking = {
    limitMs,
    room,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const isJoined = joinedTo(room);

  const first = await core.alive(outgoing.create(plan));
  const askedAt = clock.monotonic();
  const answer = await core.ask({
    ...asking,
    frame: first,
    match: (frame) => frame.type === "pow.challenge" ? frame : isJoined(frame),
  });
  if (answer.type === "room.joined") return answer;
  skew.note(answer.expires - TIMES.challenge, askedAt);
  const pow = await prove(answer, {
    purpose: "create",
    clock,
    findProof,
    signal,
  });
  const frame = await core.alive(outgoing.create(plan, pow));
  return await core.ask({ ...asking, frame, match: isJoined });
}

/** Picks out the `room.joined` of one room. */
export function joinedTo(
  room: string,
): (frame: RelayFrame) => RoomJoined | undefined {
  return (frame) =>
    frame.type === "room.joined" && frame.room === room ? frame : undefined;
}
