import { MARKED_ROOM_MEMBERS } from "../../../lib/protocol/marks_frames.ts";
import type { MarksOp } from "../log/op.ts";
import type { RoomsState } from "./rooms_state.ts";
import type { Seat } from "./seat.ts";

/** Passes on what a reader tells authors: to those of them who are in the room and want to hear it, in small rooms alone. */
export function passMarks(state: RoomsState, seat: Seat, op: MarksOp): void {
  const room = state.rooms.get(op.room);
  if (!room?.has(seat) || room.members.size > MARKED_ROOM_MEMBERS) return;
  for (const author of new Set(op.to)) {
    const there = author === seat.agent ? undefined : room.members.get(author);
    if (there?.seat.features.has("marks")) {
      state.send(there.seat, () => op.frame);
    }
  }
}
