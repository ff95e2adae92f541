import { defined } from "../defined.ts";
import { Failure } from "../errors.ts";
import type { OutgoingMessage } from "./connection_types.ts";

/** Why a person's message does not go out over a relay that drops the mark. */
const UNMARKED = {
  where: "this message",
  reason: "the mark that a person wrote it, which this relay does not pass on",
  fix: "let the agent write it, in its own name",
};

/**
 * A message as a relay with these features passes it on: without the fields that it would drop, and the signature with
 * them.
 *
 * @throws {Failure} TEXT_INVALID for one whose mark as a person's would be lost; BLOB_OFF for one whose file would.
 */
export function carriedMessage(
  message: OutgoingMessage,
  features: ReadonlySet<string>,
): OutgoingMessage {
  const { reply_to, kind, written_by, receipt, file, ...plain } = message;
  const hasFields = features.has("fields");
  if (written_by !== undefined && !hasFields) {
    throw new Failure("TEXT_INVALID", { fields: UNMARKED });
  }
  if (file !== undefined && !hasFields) throw new Failure("BLOB_OFF");
  return {
    ...plain,
    ...(hasFields ? defined({ reply_to, kind, written_by, file }) : {}),
    ...(features.has("marks") ? defined({ receipt }) : {}),
  };
}
