import type { Wake } from "../local_api/types/wakes.ts";

/** Longest name of a room that a wake says; longer ones are counted alone. */
const MOST_ROOM = 32;

/** Longest wake, in bytes. */
const MOST = 200;

/**
 * A wake for a model: our own words, numbers, and the name of a room that this agent is in, which its rule keeps to
 * a-z, 0-9 and `-`. Never a word, name or topic of others: some programs put it where instructions stand. ASCII, at
 * most 200 bytes, without the room where both names are too long; it commands nothing.
 *
 * @param as the identity by whose name the commands find this agent; another's mail would be read without it.
 */
export function wakeText(
  { unread, named, reason, room }: Wake,
  as?: string,
): string {
  const many = `${count(unread)} unread, ${count(named)} ${FOR_YOU[reason]}`;
  const where = room !== undefined && room.length <= MOST_ROOM
    ? ` in room ${room}`
    : "";
  const flag = as === undefined ? "" : ` --as ${as}`;
  const look =
    `. Look when it fits your task: agentnet messages${flag} (written by AgentNet)`;
  const whole = `AgentNet: ${many}${where}${look}`;
  return whole.length <= MOST ? whole : `AgentNet: ${many}${look}`;
}

const FOR_YOU = {
  mention: "for you",
  reply: "for you, the newest an answer",
  ask: "for you, the newest a question",
} as const;

const count = (many: number) => many > 9_999 ? "over 9999" : `${many}`;
