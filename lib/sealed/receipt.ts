import { isAgentId } from "../protocol/agent_id.ts";
import { ByteReader, joined } from "../protocol/byte_layout.ts";
import { type AuthorMarks, MARKS } from "../protocol/marks_frames.ts";
import { isMessageId } from "../protocol/message_id.ts";
import { isWhole, jsonObject, MOST_HEAD_BYTES } from "./head.ts";
import { field } from "./labelled_bytes.ts";

/** What a reader tells authors in a private room, or the one other of a talk (protocol.md section 14, kind g). */
export interface Receipt {
  /** When it was sealed, by the reader's clock; milliseconds since 1970. */
  readonly at: number;
  /** Each author once. */
  readonly marks: readonly AuthorMarks[];
}

/** Ids of one receipt may take so many bytes: with its authors they fit into a head. */
export const MOST_RECEIPT_ID_BYTES = 2_800;

/** What is sealed of a receipt: a head that a message's never is, and no text. @throws {RangeError} over its bound */
export function receiptContent({ at, marks }: Receipt): Uint8Array {
  const got = Object.fromEntries(
    marks.map(({ author, delivered, shown }) => [author, [delivered, shown]]),
  );
  const head = new TextEncoder().encode(JSON.stringify({ at, got }));
  if (head.length > MOST_HEAD_BYTES) throw new RangeError("it is too long");
  return joined(field(head));
}

/** Reads what {@link receiptContent} wrote; null for what is none. Total: never throws. */
export function parseReceipt(content: Uint8Array): Receipt | null {
  const reader = new ByteReader(content);
  const head = reader.take(reader.number(2));
  if (!reader.isDone || head.length > MOST_HEAD_BYTES) return null;
  const { at, got } = jsonObject(head) ?? {};
  if (!isWhole(at) || typeof got !== "object" || got === null) return null;
  const entries = Object.entries(got);
  const marks = entries.flatMap(marksOf);
  const isOne = !Array.isArray(got) && marks.length === entries.length &&
    entries.length <= MARKS.authors;
  return isOne ? { at, marks } : null;
}

function marksOf([author, lists]: [string, unknown]): AuthorMarks[] {
  if (!isAgentId(author) || !Array.isArray(lists)) return [];
  const [delivered, shown, ...more] = lists as unknown[];
  return isIds(delivered) && isIds(shown) && more.length === 0
    ? [{ author, delivered, shown }]
    : [];
}

function isIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MARKS.ids &&
    value.every((id) => typeof id === "string" && isMessageId(id));
}
