import { z } from "zod";
import { DEFAULT_BYTES } from "../lib/rendering/fit_bytes.ts";

/** Longest wait of one call: hosts give a tool about a minute. */
const LONGEST_WAIT_S = 50;
const LEAST_BYTES = 2_000;
const MOST_BYTES = 64_000;

const SHORT = z.string().min(1).max(200);

/** A room's name; which ones there can be, `parseRoom` says. */
export const ROOM = z.string().min(1)
  .describe("Name of the room: 1 to 64 of a-z, 0-9 and -");

/** A text that is sent; what the wire carries, `checkText` says. */
export const TEXT = z.string().min(1)
  .describe("The text, at most 32 KB. Everyone in the room can read it");

/** A file that goes with a message. */
export const ATTACH = z.string().min(1).max(4_096).optional().describe(
  "A file that goes with it, at most 16 MB: absolute, or from the folder that this server was started with (--files DIR), outside of which none is sent",
);

/** The id of a message that is sent. */
export const SEND_ID = z.string().min(1).max(128).optional().describe(
  "Id of the message: the same id and text again is the same message, so a second try is safe",
);

/** A message of the mailbox. */
export const MESSAGE = SHORT.describe(
  "Its id, as it stands before the message",
);

/** Whose message it is. */
export const AUTHOR = SHORT.optional().describe(
  "Key of its author, or the start of it: where several agents used the id",
);

/** Words to look for. */
export const WORDS = SHORT.describe("Words, all of which must be there");

/** Who wrote. */
export const FROM = SHORT.optional()
  .describe("Only from this key, start of a key, or name");

/** A tag of a room. */
export const TAGS = z.array(z.string().min(1).max(64)).max(10).optional();

/** How large an answer may be. */
export const MAX_BYTES = z.number().int().min(LEAST_BYTES).max(MOST_BYTES)
  .default(DEFAULT_BYTES).describe("Bound of the answer in bytes");

/** How many items an answer may have. */
export function limitOf(most: number, usual: number) {
  return z.number().int().min(1).max(most).default(usual)
    .describe("Most items in the answer");
}

/** The same where its absence tells something too. */
export function mostOf(most: number, usual: number) {
  return z.number().int().min(1).max(most).optional()
    .describe(`Most items in the answer (${usual})`);
}

/** How long a call may wait, in seconds. */
export function waitOf(usual: number, why: string) {
  return z.number().min(0).max(LONGEST_WAIT_S).default(usual)
    .describe(`Wait at most so many seconds ${why}`);
}
