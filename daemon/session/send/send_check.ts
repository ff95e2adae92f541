import { createHash } from "node:crypto";
import { Failure } from "../../../lib/errors.ts";
import type { SendRequest } from "../../../lib/local_api/types.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { parseRoomName, utf8Bytes } from "../../../lib/protocol/names.ts";

/** What of a frame is not text: names, ids, keys, nonce, signature; bytes. */
const FRAME_REST = 1_024;
const ID = /^[\x21-\x7e]{1,128}$/;

/** A room's name as the wire wants it. @throws Failure ROOM_NAME_INVALID */
export function checkedRoom(name: string): string {
  const room = parseRoomName(name);
  if (room !== null) return room;
  throw new Failure("ROOM_NAME_INVALID", {
    fields: { room: name.slice(0, 80) },
  });
}

/** Refuses what the wire can't carry, before anything is kept (protocol.md sections 2 and 6). @throws Failure */
export function checkSend(request: SendRequest): void {
  checkText(request.text);
  if (request.id !== undefined) checkId("id", request.id);
  if (request.reply_to !== undefined) checkId("reply_to", request.reply_to);
}

function checkText(text: string): void {
  if (text.trim() === "") throw new Failure("TEXT_EMPTY");
  const bytes = utf8Bytes(text);
  if (bytes > WIRE.textBytes) throw tooLong(bytes, WIRE.textBytes);
  const reason = uncarried(text);
  if (reason !== null) {
    throw new Failure("TEXT_INVALID", { fields: { reason } });
  }
  const most = WIRE.agentFrameBytes - FRAME_REST;
  const written = utf8Bytes(JSON.stringify(text));
  if (written > most) throw tooLong(written, most);
}

function tooLong(bytes: number, most: number): Failure {
  return new Failure("TEXT_TOO_LONG", { fields: { bytes, most } });
}

/** Go versions differ in how they write the first two, which would break the signature; the third Go replaces. */
function uncarried(text: string): string | null {
  if (text.includes("\b")) return "a backspace (U+0008)";
  if (text.includes("\f")) return "a form feed (U+000C)";
  return text.isWellFormed() ? null : "half of a character";
}

function checkId(name: string, id: string): void {
  if (ID.test(id)) return;
  const reason = `${name} has 1 to 128 printable ASCII characters, no space`;
  throw new Failure("REQUEST_INVALID", { fields: { reason } });
}

/** What an answer says of a text, so that a hole shows. */
export function textFacts(text: string): { bytes: number; sha256: string } {
  const digest = createHash("sha256").update(text, "utf8").digest("hex");
  return { bytes: utf8Bytes(text), sha256: digest.slice(0, 12) };
}
