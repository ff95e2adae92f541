import { Failure } from "../../../lib/errors.ts";
import { isAgentId } from "../../../lib/protocol/agent_id.ts";

/**
 * The shortest start of an id that stands for it: what is shown beside a name. A key that begins with four characters
 * of another's choice is made in a minute or two.
 */
export const SHORTEST_START = 8;
/** A word of fewer characters is no start of a key at all, but a name. */
const LEAST_START = 4;
/** So much of each key is told where a word could mean several. */
const TOLD = 12;
const MOST_TOLD = 5;

/**
 * Whose messages are meant by a key, the start of one, or a name; `@` makes a word a name whatever it looks like.
 *
 * @param known ids of agents known here that start with a word.
 * @returns the whole id where one agent's key is meant, else a name, or the start of a key not seen yet.
 * @throws {Failure} USAGE where the word is a start too short to be sure of, or one that several keys have.
 */
export function authorMeant(
  word: string,
  known: (start: string) => readonly string[],
): string {
  if (isAgentId(word) || word.startsWith("@")) return word;
  if (word.length < LEAST_START) return word;
  const ids = [...new Set(known(word))];
  const [only] = ids;
  if (only === undefined) {
    return word.length < SHORTEST_START ? `@${word}` : word;
  }
  if (ids.length === 1 && word.length >= SHORTEST_START) return only;
  throw startTooShort(word, ids, `; for the name write @${word}`);
}

/**
 * Refuses the start of a key by which a message's author is told from others, where it is too short to be sure of.
 *
 * @throws {Failure} USAGE.
 */
export function checkAuthorStart(
  word: string,
  known: (start: string) => readonly string[],
): void {
  if (word.length >= SHORTEST_START || word === "") return;
  throw startTooShort(word, [...new Set(known(word))], "");
}

function startTooShort(
  word: string,
  ids: readonly string[],
  otherwise: string,
): Failure {
  const told = ids.slice(0, MOST_TOLD).map((id) => id.slice(0, TOLD));
  const which = told.length === 0 ? "" : `: here ${told.join(", ")}`;
  const reason = ids.length > 1
    ? `several keys start with '${word}'${which}${
      ids.length > MOST_TOLD ? " and others" : ""
    }`
    : `'${word}' is too short for the start of a key${which}`;
  const fix = `give the key whole, or at least ${SHORTEST_START} characters ` +
    `that no other key here starts with${otherwise}`;
  return new Failure("USAGE", { fields: { reason, fix } });
}
