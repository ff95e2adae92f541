import type { MessagesQuery } from "../../lib/local_api/types/mailbox.ts";
import { isAgentId } from "../../lib/protocol/agent_id.ts";
import type { Addressed, Mentions } from "./mentions.ts";

/** What a filter looks at. */
export interface Filtered extends Addressed {
  readonly room: string;
  readonly from_name: string;
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
  mentions: Pick<Mentions, "has">,
): boolean {
  if (query.room !== undefined && query.room !== message.room) return false;
  if (query.from !== undefined && !isFrom(message, query.from)) return false;
  return query.mention !== true || mentions.has(message);
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
