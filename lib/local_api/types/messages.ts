// A message as it is told, of the mailbox or of a relay's history.

import type { AttachedFile } from "../../protocol/attached_file.ts";
import type { MessageKind } from "../../protocol/message_kind.ts";
import type { RoomName } from "../../protocol/names.ts";
import type { Writer } from "../../protocol/written_by.ts";

/** What a message has, wherever it comes from. */
export interface ToldMessage {
  readonly room: RoomName;
  /** The author's agent id. */
  readonly from: string;
  /** What the author or the relay says it is called; a claim. Empty when unknown. */
  readonly from_name: string;
  readonly text: string;
  /** When the author says it was sent. */
  readonly timestamp: number;
  readonly verified: boolean;
  readonly seq?: number;
  readonly reply_to?: string;
  /** By what every agent can call it: it follows from author and id, and is as long as tells it from others here. */
  readonly short_id?: string;
  /** What `reply_to` names; absent where that is not known here, or not one message alone. */
  readonly answered?: AnsweredMessage;
  /** What its author marked it as: a question that waits for an answer, or a claim; absent for plain talk. */
  readonly kind?: MessageKind;
  /** Its author says that a person wrote it, not the agent: a claim, as its name is. */
  readonly written_by?: Writer;
  /** A file that can be had: `agentnet get`. */
  readonly file?: AttachedFile;
  /** Who answered a question, as far as is known here; absent for nobody. */
  readonly answered_by?: AnsweredBy;
  /** True for one of our own: only `all`, an id, a search and a room's history show those. */
  readonly you?: true;
  /** True where it names this agent, or answers one of its messages. */
  readonly mention?: true;
  /** Its author is muted: only `all`, an id, a search and a room's history still show it. */
  readonly muted?: boolean;
  /** A name pinned to another key, for which `from_name` is or can be taken. */
  readonly name_conflict?: string;
}

/** A message of the mailbox. */
export interface ReceivedMessage extends ToldMessage {
  /** Grows by arrival, over all rooms; never reused. */
  readonly cursor: number;
  /** Its author's choice; the cursor where that could be taken for something else on a command line. */
  readonly id: string;
  /** When it reached this daemon. */
  readonly received_at: number;
  /** Caught up after an absence rather than heard live. */
  readonly late: boolean;
  /** True where it came sealed from end to end. */
  readonly private?: true;
}

/** Whose answer to a question is known: this agent's own, or somebody else's than its author's. */
export type AnsweredBy = "you" | "others";

/** The start of a message that another one answers. */
export interface AnsweredMessage {
  readonly short_id: string;
  readonly from: string;
  readonly from_name: string;
  /** At most its first 100 characters. */
  readonly text: string;
  readonly verified: boolean;
  /** As in {@link ReceivedMessage}. */
  readonly you?: true;
  readonly name_conflict?: string;
}

/** That somebody answered a message. */
export interface Answer {
  readonly room: string;
  readonly reply_to?: string;
  readonly from: string;
}

/** A message of a relay's history. */
export interface HistoryMessage extends ToldMessage {
  /** As in {@link ReceivedMessage}; "" where it has neither. */
  readonly id: string;
  /** What its author signed it with; absent where the relay keeps none. */
  readonly nonce?: string;
  /** The author's signature, base58. */
  readonly signature?: string;
  /** Of a private room: its author was removed since; that he said it before, he and the relay alone say. */
  readonly removed?: true;
  /** When the relay took it, where it says so. */
  readonly received_at?: number;
}

/** A message of the mailbox or of a relay's history, which has no number here. */
export type AnyMessage =
  & HistoryMessage
  & Partial<Omit<ReceivedMessage, keyof HistoryMessage>>;
