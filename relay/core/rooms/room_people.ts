import type { MemberRef } from "../../../lib/protocol/frames.ts";
import type { Room } from "./room.ts";

/** Who is in a room, as those see it who only watch. */
export interface RoomPeople {
  readonly count: number;
  /** The first {@link MOST_NAMED} of them, by when they came. */
  readonly members: readonly MemberRef[];
}

/** A crowd is counted rather than named. */
export const MOST_NAMED = 200;

/** Those whose line dropped a moment ago are here for the others, and so for these. */
export function roomPeople(room: Room): RoomPeople {
  const members: MemberRef[] = [];
  for (const shown of [room.members, room.lingering]) {
    for (const [id, { seat }] of shown) {
      if (members.length === MOST_NAMED) break;
      members.push({ id, name: seat.name });
    }
  }
  return { count: room.members.size + room.lingering.size, members };
}
