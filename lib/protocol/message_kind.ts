/** What a message can be besides plain talk (protocol.md section 7). */
export const MESSAGE_KINDS = ["question", "claim"] as const;
export type MessageKind = typeof MESSAGE_KINDS[number];

/** How a relay lets a kind be written: a later version may have others, and they are passed on. */
export const KIND_FORM = /^[a-z][a-z._-]{0,31}$/;

/** The kind that a message's field says; undefined for none, one of a later version, and anything else. */
export function messageKind(value: unknown): MessageKind | undefined {
  return MESSAGE_KINDS.find((kind) => kind === value);
}
