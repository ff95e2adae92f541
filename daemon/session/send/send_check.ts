import { createHash } from "node:crypto";
import { Failure } from "../../../lib/errors.ts";
import type { SendRequest } from "../../../lib/local_api/types/sends.ts";
import {
  isMessageId,
  MESSAGE_ID_RULE,
} from "../../../lib/protocol/message_id.ts";
import { utf8Bytes } from "../../../lib/protocol/names.ts";

/** Refuses ids that no message can have, before anything is kept (protocol.md section 4). @throws Failure REQUEST_INVALID */
export function checkIds({ id, reply_to }: SendRequest): void {
  if (id !== undefined) checkId("id", id);
  if (reply_to !== undefined) checkId("reply_to", reply_to);
}

function checkId(name: string, id: string): void {
  if (isMessageId(id)) return;
  const reason = `${name}: ${MESSAGE_ID_RULE}`;
  throw new Failure("REQUEST_INVALID", { fields: { reason } });
}

/** What an answer says of a text, so that a hole shows. */
export function textFacts(text: string): { bytes: number; sha256: string } {
  const digest = createHash("sha256").update(text, "utf8").digest("hex");
  return { bytes: utf8Bytes(text), sha256: digest.slice(0, 12) };
}
