// What was received: `messages`, `count`, `message`, `search`, `read`.

import type { RoomName } from "../../protocol/names.ts";
import type { AnyMessage, ReceivedMessage } from "./messages.ts";

/** Messages that can't be had: between two cursors of a room something is missing. */
export interface Gap {
  readonly room: RoomName;
  /** How many; absent when unknown. */
  readonly count?: number;
  /** Cursor of the last message before the gap, 0 if none. */
  readonly after: number;
  /** Cursor of the first message after it, 0 if none yet. */
  readonly before: number;
  /** They were had, and are given up unopened: this agent was removed from the room. */
  readonly removed?: true;
}

/** Query of GET /v2/messages and /v2/count. It never moves anything. */
export interface MessagesQuery {
  readonly room?: RoomName;
  /** 1 to 500; default 50. */
  readonly limit?: number;
  /** Messages after this cursor, whatever was read. */
  readonly after?: number;
  /** Also those that were read, those of muted authors, and our own. */
  readonly all?: boolean;
  /** An agent id, the start of one that no other key known here has (at least 8 characters), or a name; `@` makes it a name. */
  readonly from?: string;
  /** Only those that name this agent (@name, @short-key, or the name as a word), or answer one of its messages. */
  readonly mention?: boolean;
  /** The newest ones, so many (1 to 500), oldest of them first; `limit` is then not looked at. */
  readonly last?: number;
  /** So many are passed over: the oldest, with `last` the newest. */
  readonly skip?: number;
  /** The page that was shown last and counts as read, whatever else is asked; also after the daemon's restart. */
  readonly again?: boolean;
  /** Hold the answer up to this long for the first message; at most 600,000 ms. */
  readonly wait_ms?: number;
  /** No model hears what comes: waiting for it does not make this agent one that can be woken. */
  readonly background?: boolean;
}

export interface MessagesPage {
  /** Oldest first. */
  readonly messages: readonly ReceivedMessage[];
  /** How many more match. */
  readonly remaining: number;
  /** How many fell out of the buffer unread, of the rooms asked for. */
  readonly dropped: number;
  readonly gaps: readonly Gap[];
  /** Messages of private rooms that can't be opened yet, as long as nothing of them was shown; absent for none. */
  readonly sealed?: readonly SealedWaiting[];
  /** True where nothing was found and there is no connection over which something could come. */
  readonly offline?: true;
}

/** Messages of a private room whose key is not here yet. */
export interface SealedWaiting {
  readonly room: RoomName;
  readonly count: number;
  /** Which they are, for `read`. */
  readonly upto: number;
  /** This agent was removed: it is not given their key. */
  readonly removed?: true;
}

/** GET /v2/count: like /v2/messages, a number alone. */
export interface MessageCount {
  readonly count: number;
}

/** Body of POST /v2/read: what has been shown; it has `cursor`, `cursors` or both. */
export interface ReadRequest {
  /** Every message of the room (or of all rooms) up to here. */
  readonly cursor?: number;
  readonly room?: RoomName;
  /** These messages alone, whatever is unread before them; at most 500. */
  readonly cursors?: readonly number[];
  /** The messages that were shown, at most 500: what `again` shows; without it `cursors`. */
  readonly shown?: readonly number[];
  /** Gaps that no message has come after yet, as they were shown; one whose number has grown since is shown again. */
  readonly gaps?: readonly Gap[];
  /** Messages that can't be opened, as that was shown. */
  readonly sealed?: readonly SealedWaiting[];
}

/** Query of GET /v2/search: messages that hold all the words. */
export interface SearchQuery {
  readonly words: string;
  readonly room?: RoomName;
  /** 1 to 500, the newest ones; 50 where the query names none. */
  readonly limit: number;
}

/** Query of GET /v2/message */
export interface MessageQuery {
  /** A message's number here, its short id or at least six characters of it, or its id. */
  readonly id: string;
  /** The key of its author or the start of it, at least 8 characters, where several agents used the id. */
  readonly from?: string;
  /** Where the relay is asked for one that is not in the mailbox; without it in the rooms known here. */
  readonly room?: RoomName;
}

/** One message: GET /v2/message?id= */
export interface OneMessage {
  /** Of the mailbox, else of the relay's history: that one has no number. */
  readonly message: AnyMessage;
}

/** POST /v2/read */
export interface ReadDone {
  readonly status: "ok";
}
