import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { ReceivedMessage } from "../local_api/types.ts";

/** A cursor, as it stands before a message in the output of `messages`. */
const CURSOR = /^\d{1,15}$/;

/**
 * The message that a word means: the number before it, or its id. A number is a cursor first, so that nobody can take
 * its place with an id of their own choice.
 *
 * @throws {Failure} NOT_FOUND.
 */
export async function findMessage(
  api: LocalApi,
  word: string,
): Promise<ReceivedMessage> {
  if (CURSOR.test(word)) {
    const after = Number(word) - 1;
    if (after >= 0) {
      const { messages } = await api.messages({ after, all: true, limit: 1 });
      const first = messages[0];
      if (first?.cursor === Number(word)) return first;
    }
  }
  if (word === "") throw notFound(word);
  try {
    return (await api.message(word)).message;
  } catch (thrown) {
    throw thrown instanceof Failure && thrown.code === "NOT_FOUND"
      ? notFound(word)
      : thrown;
  }
}

function notFound(word: string): Failure {
  return new Failure("NOT_FOUND", {
    fields: {
      what: `message '${word.slice(0, 128)}' in the mailbox`,
      fix: "see what it holds: agentnet messages --all",
    },
  });
}
