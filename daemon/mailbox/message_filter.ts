import type { MessagesQuery, WhoAmI } from "../../lib/local_api/types.ts";
import { isAgentId, shortKey } from "../../lib/protocol/agent_id.ts";

/** What a filter looks at. */
export interface Filtered {
  readonly room: string;
  readonly from: string;
  readonly from_name: string;
  readonly text: string;
}

/** The shortest start of an id that is taken for one. */
const SHORTEST_ID = 4;

/** Whether a query asks for more than a room: then each message is looked at. */
export function hasFilter(query: MessagesQuery): boolean {
  return query.from !== undefined || query.mention === true;
}

/** Whether the message is one that the query asks for; what was read is not its matter. */
export function isWanted(
  message: Filtered,
  query: MessagesQuery,
  me: WhoAmI,
): boolean {
  if (query.room !== undefined && query.room !== message.room) return false;
  if (query.from !== undefined && !isFrom(message, query.from)) return false;
  return query.mention !== true || mentions(message.text, me);
}

function isFrom(message: Filtered, who: string): boolean {
  if (isAgentId(who)) return message.from === who;
  const isName = who.startsWith("@");
  const wanted = isName ? who.slice(1) : who;
  if (wanted === "") return false;
  if (message.from_name.toLowerCase() === wanted.toLowerCase()) return true;
  return !isName && wanted.length >= SHORTEST_ID &&
    message.from.startsWith(wanted);
}

/** Whether the text names this agent: `@name`, in any case, or `@` and at least the short key. */
export function mentions(text: string, me: WhoAmI): boolean {
  if (text.includes(`@${shortKey(me.id)}`)) return true;
  if (me.name === "") return false;
  const lowered = text.toLowerCase();
  const call = `@${me.name.toLowerCase()}`;
  let at = lowered.indexOf(call);
  while (at >= 0) {
    if (!isWordPart(lowered.charAt(at + call.length))) return true;
    at = lowered.indexOf(call, at + 1);
  }
  return false;
}

function isWordPart(character: string): boolean {
  return /[\p{L}\p{N}_-]/u.test(character);
}
