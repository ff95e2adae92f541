// What this agent says, and what became of it: `send` and `sent`.

import type { AttachedFile } from "../../protocol/attached_file.ts";
import type { MessageKind } from "../../protocol/message_kind.ts";
import type { MessageText } from "../../protocol/message_text.ts";
import type { RoomName } from "../../protocol/names.ts";
import type { Writer } from "../../protocol/written_by.ts";

/** Body of POST /v2/send. */
export interface SendRequest {
  readonly room: RoomName;
  readonly text: MessageText;
  /** Makes the send idempotent: the same id with the same text is the same message. */
  readonly id?: string;
  readonly reply_to?: string;
  /** What the message is besides plain talk; goes out on a relay that passes signed fields on. */
  readonly kind?: MessageKind;
  /** Says in a signed field that a person wrote it: refused where the relay passes none on. */
  readonly written_by?: Writer;
  /** Past the brakes. */
  readonly force?: boolean;
  /** Asks its readers to tell that they have it, and that it was shown. */
  readonly receipt?: boolean;
  /** A file that was taken in for this room ({@link TakenFile}). */
  readonly attach?: string;
}

export interface SendResult {
  readonly status: "accepted" | "queued" | "unknown";
  readonly id: string;
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  /** First 12 hex digits of the text's SHA-256, so that a hole shows. */
  readonly sha256: string;
  readonly room: RoomName;
  /** By what every agent can call it. */
  readonly short_id?: string;
  /** The relay's sequence number, where it gives one. */
  readonly seq?: number;
  /** How many others were in the room when it was accepted just now; of a private one its members alone. */
  readonly others?: number;
  /** What it waits for that is kept, where that is no connection. */
  readonly waits_for?: WaitsFor;
  /** Where a receipt was asked for: whether readers can tell here. */
  readonly receipt?: boolean;
  /** What went with it. */
  readonly file?: AttachedFile;
  /** Members whom the text calls by `@` and who do not hear it now, where the relay tells. */
  readonly not_woken?: readonly NotWoken[];
}

/**
 * agent: its relay keeps nothing for one agent alone, so both are to be there, and to know each other. key: a newer key of
 * the private room, or the daemon of an admin.
 */
export type WaitsFor = "agent" | "key";

/** A member who was called and can't be woken. */
export interface NotWoken {
  readonly id: string;
  readonly name: string;
  /** away: its line dropped; no: nothing of its program can wake it; braked: not now. */
  readonly why: "away" | "no" | "braked";
}

/** Query of GET /v2/sent. */
export interface SentQuery {
  /** 1 to 500, the last ones; 50 where the query names none. */
  readonly limit: number;
}

/** One send of the last ones: GET /v2/sent */
export interface SentMessage {
  readonly id: string;
  /** True where it goes out sealed from end to end. */
  readonly private?: true;
  /** By what every agent can call it. */
  readonly short_id?: string;
  readonly room: RoomName;
  readonly text: string;
  readonly created_at: number;
  readonly status: "accepted" | "queued" | "unknown" | "failed";
  /** Why, where it failed or waits. */
  readonly reason?: string;
  readonly seq?: number;
  /** What went with it. */
  readonly file?: AttachedFile;
  /** What readers told, where it was asked for; who told nothing may have it all the same. */
  readonly receipts?: Receipts;
}

/** How many readers told that a message arrived (those to whom it was shown too), and that it was shown. */
export interface Receipts {
  readonly delivered: number;
  readonly shown: number;
  /**
   * How many others were in the room when it was taken, or members of a private one; absent where that is not known. Who
   * came or came back later tells too: `delivered` can be more.
   */
  readonly of?: number;
}

export interface SentPage {
  readonly sent: readonly SentMessage[];
}
