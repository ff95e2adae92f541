import type { StoredMessage } from "../store/contract.ts";

/** A row of REST history (protocol.md section 8): a Go relay's fields, then what is needed to verify it. */
export interface HistoryRow {
  readonly id: string;
  readonly room: string;
  readonly from_id: string;
  readonly from_name: string;
  /** JSON text of the content object. */
  readonly content: string;
  readonly timestamp: number;
  readonly nonce: string;
  readonly signature: string;
  readonly seq: number;
  readonly received_at: number;
  /** Signed fields beyond these stand beside them under their own names. */
  readonly [signed: string]: unknown;
}

/** @param message its frame decoded once, when it was taken. */
export function historyRow(message: StoredMessage): HistoryRow {
  const frame = JSON.parse(message.frame) as Record<string, unknown>;
  const { type: _type, from, content, ...rest } = frame;
  return {
    ...rest,
    id: String(frame.id),
    room: String(frame.room),
    from_id: String(from),
    from_name: message.from_name,
    content: JSON.stringify(content),
    timestamp: Number(frame.timestamp),
    nonce: String(frame.nonce),
    signature: String(frame.signature),
    seq: message.seq,
    received_at: message.received_at,
  };
}
