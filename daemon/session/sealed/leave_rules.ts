import type { KnownRoom } from "./known_room.ts";
import type { LeaveWords } from "./leave_words.ts";

/** Whether a member is to be taken off by his own word. */
export function isLeaving(
  room: KnownRoom,
  words: LeaveWords,
  id: string,
): boolean {
  const { epoch } = words.leaving(id) ?? {};
  return epoch !== undefined && isMemberSince(room, id, epoch);
}

/**
 * Whether that somebody leaves comes to nothing, whatever records come yet.
 *
 * @param epoch that he named: the start of its hash, hex; one that is not here may come
 */
export function isOver(room: KnownRoom, id: string, epoch: string): boolean {
  const { path = [] } = room.standing ?? {};
  if (room.inForce?.state.members.includes(id) !== true) return true;
  return path.some(({ hash }) => hash.startsWith(epoch)) &&
    !isMemberSince(room, id, epoch);
}

/** Whether he was a member, and no admin, from that epoch on until now: what he said in an earlier time is over. */
function isMemberSince(
  { standing }: KnownRoom,
  id: string,
  epoch: string,
): boolean {
  const path = standing?.path ?? [];
  const from = path.findIndex(({ hash }) => hash.startsWith(epoch));
  return from >= 0 &&
    path.slice(from).every(({ state }) => state.members.includes(id)) &&
    path.at(-1)?.state.admins.includes(id) === false;
}
