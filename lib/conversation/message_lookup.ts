import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { ReceivedMessage } from "../local_api/types.ts";

/** A cursor, as it stands before a message in the output of `messages`. */
const CURSOR = /^\d{1,15}$/;

/** Which message is meant. */
export interface Named {
  /** The number before it, or its id. */
  readonly word: string;
  /** The key of its author or the start of it; needed where several agents used the id. */
  readonly from?: string | undefined;
}

/**
 * The message that a word means. A number is a cursor first, so that nobody can take its place with an id of their own
 * choice.
 *
 * @throws {Failure} NOT_FOUND, ID_AMBIGUOUS.
 */
export async function findMessage(
  api: LocalApi,
  named: Named,
): Promise<ReceivedMessage> {
  const { word: id, from } = named;
  const numbered = CURSOR.test(id) ? await atCursor(api, Number(id)) : null;
  if (numbered?.from.startsWith(from ?? "")) return numbered;
  if (id === "") throw notFound(named);
  try {
    const query = from === undefined ? { id } : { id, from };
    return (await api.message(query)).message;
  } catch (thrown) {
    throw thrown instanceof Failure && thrown.code === "NOT_FOUND"
      ? notFound(named)
      : thrown;
  }
}

async function atCursor(
  api: LocalApi,
  cursor: number,
): Promise<ReceivedMessage | null> {
  if (cursor < 1) return null;
  const query = { after: cursor - 1, all: true, limit: 1 };
  const [first] = (await api.messages(query)).messages;
  return first?.cursor === cursor ? first : null;
}

function notFound({ word, from }: Named): Failure {
  const whose = from === undefined ? "" : ` of '${from.slice(0, 128)}'`;
  return new Failure("NOT_FOUND", {
    fields: {
      what: `message '${word.slice(0, 128)}'${whose} in the mailbox`,
      fix: "see what it holds: agentnet messages --all",
    },
  });
}
