import { foreignName } from "../guards/fence.ts";
import type { Gap, MessagesPage, MessagesQuery } from "../local_api/types.ts";
import { counted } from "./counted.ts";
import { gapSums } from "./gap_sums.ts";
import { lastWord, shellWord } from "./shell_word.ts";

interface Shown {
  readonly page: MessagesPage;
  readonly query: MessagesQuery;
  /** How many messages stand in the output. */
  readonly shown: number;
  /** How many match and don't. */
  readonly left: number;
}

/** Our own lines under messages: what is left, what was lost, what is missing, each room once. */
export function pageNotes({ page, query, shown, left }: Shown): string[] {
  const notes: string[] = [];
  if (shown === 0 && left === 0) {
    notes.push(query.all || query.after ? "no messages" : "no new messages");
  }
  if (left > 0) notes.push(`${left} more: ${nextLine(page, query, shown)}`);
  return [...notes, ...lossNotes(page)];
}

/** What was lost and what is missing, each room once. */
export function lossNotes(
  { dropped, gaps }: Pick<MessagesPage, "dropped" | "gaps">,
): string[] {
  const fallen = dropped === 0 ? [] : [
    `${
      counted(dropped, "unread message")
    } fell out of the full mailbox; 'agentnet history' may still have ${
      dropped === 1 ? "it" : "them"
    }`,
  ];
  return [...fallen, ...gapSums(gaps).map(gapText)];
}

/** The line that shows what comes next. */
function nextLine(
  page: MessagesPage,
  query: MessagesQuery,
  shown: number,
): string {
  const last = page.messages[shown - 1]?.cursor;
  const read = query.after === undefined && !query.all &&
    query.from === undefined && !query.mention;
  return [
    "agentnet messages",
    ...(read || last === undefined ? [] : [`--after ${last}`]),
    ...(query.from === undefined ? [] : [`--from ${shellWord(query.from)}`]),
    ...(query.mention ? ["--mention"] : []),
    ...(query.room === undefined ? [] : [lastWord(query.room)]),
  ].join(" ");
}

function gapText({ room, count }: Gap): string {
  const named = `#${foreignName(room)}`;
  return count === undefined
    ? `gap: messages of ${named} may be missing; nobody knows how many`
    : `gap: ${counted(count, "message")} of ${named} could not be had`;
}
