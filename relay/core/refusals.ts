import type { StoreAnswer } from "../store/contract.ts";
import type { Refusal } from "./replies.ts";
import type { Room } from "./rooms/room.ts";

/** Where no room of the name is open. */
export const NO_ROOM: Refusal = {
  code: "ROOM_NOT_FOUND",
  message: "there is no such room",
};

/** What one who is not in a room is told of it. */
export function notIn(room: Room | undefined): Refusal {
  if (room === undefined) return NO_ROOM;
  return { code: "NOT_IN_ROOM", message: "you are not in this room" };
}

/** A refusal of section 6; without a wait, time won't cure it. */
export function limited(message: string, retryAfterMs?: number): Refusal {
  return {
    code: "RATE_LIMITED",
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/**
 * What is answered when the disk or database failed. Version 1 has no code for a relay's own trouble; RATE_LIMITED
 * with a time is the one that makes every client try again later and lose nothing.
 */
export function storageTrouble(): Refusal {
  return limited("the relay can't store this just now", 2_000);
}

/** What is answered where the store did not do what was asked. */
export function storeRefusal(answer: StoreAnswer): Refusal {
  if (answer.kind !== "failed" || answer.why === "storage") {
    return storageTrouble();
  }
  if (answer.why === "no_room") return NO_ROOM;
  const message = "another message of yours has this id";
  return { code: "INVALID_MESSAGE", message };
}

/** What is answered where an inbox did not take a message. */
export function inboxRefusal(answer: StoreAnswer): Refusal {
  switch (answer.kind === "failed" ? answer.why : undefined) {
    case "postage":
      return {
        code: "POSTAGE_DUE",
        message: "that agent does not know you: a proof of work is due",
      };
    case "too_large":
      return {
        code: "INVALID_MESSAGE",
        message: "to an agent that does not know you at most 2 KB",
      };
    case "waits":
      return limited(
        "your first message still waits for that agent to accept it",
        HOUR_MS,
      );
    case "full":
      return limited("the inbox of that agent is full", 10 * MINUTE_MS);
    default:
      return storeRefusal(answer);
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The connection is younger than the operation asks for. */
export function tooNew(what: string, retryAfterMs: number): Refusal {
  const message = `this connection is too new to ${what}`;
  return { code: "TOO_NEW", message, retryAfterMs };
}
