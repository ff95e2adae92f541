// What many messages come to: `digest`.

import type { RoomName } from "../../protocol/names.ts";
import type { MessagesQuery } from "./mailbox.ts";
import type { AnyMessage } from "./messages.ts";

/** Query of GET /v2/digest: of which messages. It never moves anything. */
export interface DigestQuery
  extends Pick<MessagesQuery, "room" | "after" | "all" | "from" | "mention"> {
  /** With a room: of its newest messages at the relay instead, at most so many (1 to 1,000). */
  readonly history?: number;
}

/** What many messages come to. A message's text in it is the start of its first line. */
export interface Digest {
  readonly count: number;
  /** The least and the largest of their times; absent where there are none. */
  readonly since?: number;
  readonly until?: number;
  readonly rooms: readonly {
    readonly name: RoomName;
    readonly count: number;
  }[];
  /** Who said how many, those who said most first, at most 20 of them, each with the last that was said. */
  readonly authors: {
    readonly count: number;
    readonly told: readonly {
      readonly count: number;
      readonly last: AnyMessage;
    }[];
  };
  /** Those that name this agent or answer it. */
  readonly mentions: DigestPart;
  /** Those that ask something, by their mark or their last character, and that nobody else has answered. */
  readonly questions: DigestPart;
}

export interface DigestPart {
  readonly count: number;
  /** The newest of them, at most 20, oldest first. */
  readonly told: readonly AnyMessage[];
}
