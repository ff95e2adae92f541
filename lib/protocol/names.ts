import { WIRE } from "./limits.ts";

const ROOM_NAME = /^[a-z0-9-]{1,64}$/;

declare const roomName: unique symbol;
/**
 * A room's name as it stands on the wire, `[a-z0-9-]{1,64}` (protocol.md section 4). Made by {@link isRoomName} and
 * {@link parseRoomName} alone, at the border where a text comes in; inside it is trusted.
 */
export type RoomName = string & { readonly [roomName]: true };

/** Whether a value is a room's name as it stands. */
export function isRoomName(value: unknown): value is RoomName {
  return typeof value === "string" && ROOM_NAME.test(value);
}

/**
 * Lowers a room's name and checks it.
 *
 * @returns the name as the wire wants it, or null when no room can be called so.
 */
export function parseRoomName(text: string): RoomName | null {
  if (text.length > WIRE.roomName) return null;
  const name = text.toLowerCase();
  return isRoomName(name) ? name : null;
}

/** Tags as every relay keeps them: trimmed, lowered, without empty ones, those over 32 characters, those past the tenth. */
export function normalizeTags(tags: readonly string[]): string[] {
  return tags
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== "" && codePoints(tag) <= WIRE.tag)
    .slice(0, WIRE.tags);
}

/** Length in code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}

/** Cuts a text to at most so many UTF-8 bytes, at a code point. */
export function cutToBytes(text: string, bytes: number): string {
  const buffer = new Uint8Array(bytes);
  const { read } = new TextEncoder().encodeInto(text.toWellFormed(), buffer);
  return text.toWellFormed().slice(0, read);
}

/** Length in UTF-8 bytes. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}
