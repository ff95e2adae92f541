import { WIRE } from "./limits.ts";

const PLAIN = /^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$/;

/**
 * Whether a message can be called so (protocol.md section 4). An id is copied into command lines: one that begins with
 * `-`, or holds what a shell or a line of text reads as something else, would be taken for a flag or a second word.
 */
export function isMessageId(id: string): boolean {
  return id.length <= WIRE.messageId && PLAIN.test(id);
}

/** The rule in words, for whoever named another. */
export const MESSAGE_ID_RULE =
  "an id has 1 to 128 of A-Z, a-z, 0-9, _ . : and -, and does not begin with -";

/** A short id, whole or its start (protocol.md section 12). */
const SHORT_ID = /^[a-km-np-z][a-km-np-z2-9]{5,15}$/;

/** The start of a short id as it was typed, in any case; null for a word that is none. */
export function parseShortId(word: string): string | null {
  const start = word.toLowerCase();
  return SHORT_ID.test(start) ? start : null;
}
