import { Failure } from "../../lib/errors.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { shortKey } from "../../lib/protocol/agent_id.ts";

/** So many of those who used the same id are named. */
const MOST_NAMED = 5;

/**
 * The one message of an id: the newest is no better than the others, since anybody can use an id that was seen.
 *
 * @param find at most so many, each of another author.
 * @throws Failure NOT_FOUND or ID_AMBIGUOUS.
 */
export function onlyOf(
  id: string,
  find: (most: number) => readonly ReceivedMessage[],
): ReceivedMessage {
  const found = find(MOST_NAMED + 1);
  const [first] = found;
  if (first === undefined) {
    throw new Failure("NOT_FOUND", {
      fields: { what: "message with this id in the mailbox" },
    });
  }
  if (found.length === 1) return first;
  const named = found.slice(0, MOST_NAMED).map(({ from, cursor }) =>
    `${shortKey(from)} (number ${cursor})`
  ).join(", ");
  const who = found.length > MOST_NAMED ? `${named} and others` : named;
  throw new Failure("ID_AMBIGUOUS", { fields: { id, who } });
}
