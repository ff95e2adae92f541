import { Failure } from "../errors.ts";
import { parseShortId } from "../protocol/message_id.ts";
import { WIRE } from "../protocol/limits.ts";
import { defined } from "../defined.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { AnyMessage } from "../local_api/types/messages.ts";
import type { RoomName } from "../protocol/names.ts";

/** Which message is meant. */
export interface Named {
  /** Its short id, its number here, or its id. */
  readonly word: string;
  /** The key of its author or the start of it; needed where several agents used the id. */
  readonly from?: string | undefined;
  /** Where the relay is asked for one that is not in the mailbox. */
  readonly room?: RoomName | undefined;
}

/**
 * The message that a word means, of the mailbox or of the relay's history.
 *
 * @throws {Failure} NOT_FOUND, ID_AMBIGUOUS, SHORT_ID_AMBIGUOUS.
 */
export async function findMessage(
  api: Pick<LocalApi, "message">,
  { word: id, from, room }: Named,
): Promise<AnyMessage> {
  if (id === "" || id.length > WIRE.messageId) {
    const fields = { what: `message '${id.slice(0, WIRE.messageId)}'` };
    throw new Failure("NOT_FOUND", { fields });
  }
  return (await api.message({ id, ...defined({ from, room }) })).message;
}

/** A message's number here. */
const NUMBER = /^\d{1,15}$/;

/**
 * The id of the message that a text is sent in answer to. A number stands for a message, and so does a short id that
 * one has; any other word is the id itself, perhaps of a message that is not known here.
 *
 * @throws {Failure} NOT_FOUND for a number, SHORT_ID_AMBIGUOUS.
 */
export async function answeredId(
  api: Pick<LocalApi, "message">,
  word: string | undefined,
): Promise<string | undefined> {
  if (word === undefined) return undefined;
  const isNumber = NUMBER.test(word);
  if (!isNumber && parseShortId(word) === null) return word;
  try {
    return (await findMessage(api, { word })).id;
  } catch (thrown) {
    const isUnknown = thrown instanceof Failure && thrown.code === "NOT_FOUND";
    if (isUnknown && !isNumber) return word;
    throw thrown;
  }
}
