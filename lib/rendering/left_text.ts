import type { LeftRoom } from "../local_api/types/rooms.ts";
import { dateText } from "./time_text.ts";

/** That a room was left, what becomes of it, and what is not sent for that. The room's name is the caller's own. */
export function leftText(left: LeftRoom): string {
  const parts = [...fate(left), ...unsentText(left), ...memberText(left)];
  return [`left #${left.name}`, ...parts].join("; ");
}

function fate({ others, kept_until }: LeftRoom): string[] {
  if (others !== 0) return [];
  return kept_until === undefined
    ? ["the last one has left, so it has ended"]
    : [
      `nobody is in it now: it stays, with its history, until ${
        dateText(kept_until)
      }`,
    ];
}

function memberText({ still_member }: LeftRoom): string[] {
  return still_member
    ? ["no admin could be told: the others count you as a member on"]
    : [];
}

function unsentText({ unsent = 0 }: LeftRoom): string[] {
  if (unsent === 0) return [];
  const many = unsent === 1
    ? "a message that waited for it is"
    : `${unsent} messages that waited for it are`;
  return [`${many} not sent: agentnet sent`];
}
