import type { RoomName } from "./names.ts";

/** What readers tell authors who asked for it: that a message arrived, and that it was shown (protocol.md section 15). */

/** How far an author wants to be told, as `receipt` of a message: up to when it was shown. */
export const RECEIPT_WANTED = "shown";

/** In rooms of more members nobody tells and nothing is passed on. */
export const MARKED_ROOM_MEMBERS = 16;
/** Authors of one frame, and messages of one of its lists. */
export const MARKS = { authors: MARKED_ROOM_MEMBERS, ids: 100 } as const;

/** What one reader tells one author. */
export interface AuthorMarks {
  /** The author's agent id. */
  readonly author: string;
  /** Ids of messages that the reader's daemon verified and has on disk. */
  readonly delivered: readonly string[];
  /** Ids of messages that were shown to the reader's agent. */
  readonly shown: readonly string[];
}

/** What a reader tells the authors of a room; signed as a message is, and passed on as it came. */
export interface Marks {
  readonly type: "marks";
  readonly room: RoomName;
  /** The reader's agent id. */
  readonly from: string;
  readonly marks: readonly AuthorMarks[];
  readonly nonce: string;
  readonly timestamp: number;
  readonly signature: string;
}
