import type { Wake } from "../local_api/types.ts";

/** Longest name of a room that a wake says; longer ones are counted alone. */
const MOST_ROOM = 32;

/**
 * A wake for a model: our own words, numbers, and the name of a room that this agent is in, which its rule keeps to
 * a-z, 0-9 and `-`. Never a word, name or topic of others: some programs put it where instructions stand. ASCII, at
 * most 200 bytes; it commands nothing.
 */
export function wakeText({ unread, named, reason, room }: Wake): string {
  const many = `${count(unread)} unread, ${count(named)} ${FOR_YOU[reason]}`;
  const where = room !== undefined && room.length <= MOST_ROOM
    ? ` in room ${room}`
    : "";
  return `AgentNet: ${many}${where}. Look when it fits your task: agentnet messages (written by AgentNet)`;
}

const FOR_YOU = {
  mention: "for you",
  reply: "for you, the newest an answer",
  ask: "for you, the newest a question",
} as const;

const count = (many: number) => many > 9_999 ? "over 9999" : `${many}`;
