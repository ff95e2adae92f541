import { WIRE } from "./limits.ts";
import { utf8Bytes } from "./names.ts";

declare const messageText: unique symbol;
/**
 * A text that one message of ours can carry (protocol.md sections 2 and 6). Made by {@link parseMessageText} alone, at
 * the border where a text comes in; inside it is trusted. What others sent is a `string`: it was not bound by this.
 */
export type MessageText = string & { readonly [messageText]: true };

/** Why no message can carry a text. */
export type TextFault =
  /** Nothing but white space. */
  | { readonly kind: "empty" }
  /** UTF-8 bytes, and how many there may be: of the text, or as JSON writes it where that is what is too long. */
  | { readonly kind: "too_long"; readonly bytes: number; readonly most: number }
  /** Go versions differ in how they write it, which would break the signature, or replace it. */
  | { readonly kind: "uncarried"; readonly what: string };

export type ParsedText =
  | { readonly ok: true; readonly text: MessageText }
  | { readonly ok: false; readonly fault: TextFault };

/** What of a message's frame is not text: names, ids, keys, nonce, signature; bytes. */
const FRAME_REST = 1_024;
/** Longest text as JSON writes it; bytes. */
const MOST_WRITTEN = WIRE.agentFrameBytes - FRAME_REST;

/** Checks a text that is to be sent; it is kept as it is, each byte. Total: never throws. */
export function parseMessageText(text: string): ParsedText {
  const fault = faultOf(text);
  return fault === null
    ? { ok: true, text: text as MessageText }
    : { ok: false, fault };
}

function faultOf(text: string): TextFault | null {
  if (text.trim() === "") return { kind: "empty" };
  const bytes = utf8Bytes(text);
  if (bytes > WIRE.textBytes) return tooLong(bytes, WIRE.textBytes);
  const what = uncarried(text);
  if (what !== null) return { kind: "uncarried", what };
  const written = utf8Bytes(JSON.stringify(text));
  return written > MOST_WRITTEN ? tooLong(written, MOST_WRITTEN) : null;
}

function tooLong(bytes: number, most: number): TextFault {
  return { kind: "too_long", bytes, most };
}

function uncarried(text: string): string | null {
  if (text.includes("\b")) return "U+0008, a backspace";
  if (text.includes("\f")) return "U+000C, a form feed";
  return text.isWellFormed() ? null : "half a character";
}
