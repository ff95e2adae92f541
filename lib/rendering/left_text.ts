import type { LeftRoom } from "../local_api/types.ts";

/** That a room was left, and what is not sent for that. The room's name is the caller's own. */
export function leftText({ name, unsent = 0 }: LeftRoom): string {
  if (unsent === 0) return `left #${name}`;
  const many = unsent === 1
    ? "a message that waited for it is"
    : `${unsent} messages that waited for it are`;
  return `left #${name}; ${many} not sent: agentnet sent`;
}
