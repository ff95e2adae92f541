import { foreignName } from "../guards/fence.ts";
import { withSign } from "../guards/room_sign.ts";
import type {
  Gap,
  MessagesPage,
  MessagesQuery,
  SealedWaiting,
} from "../local_api/types/mailbox.ts";
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
  /** Whether they stay as unread as they were. */
  readonly keepsUnread: boolean;
}

/** Our own lines under messages: what is left, what was lost, what is missing, each room once. */
export function pageNotes(notes: Shown): string[] {
  const { page, query, shown, left } = notes;
  if (query.again) {
    return [
      ...(shown === 0 ? ["no page was shown that is still here"] : []),
      ...(left > 0
        ? [`${left} more: agentnet messages --again --max-bytes 0`]
        : []),
      ...lossNotes(page),
    ];
  }
  const none = query.all || query.after ? "no messages" : "no new messages";
  return [
    ...(shown === 0 && left === 0 ? [none] : []),
    ...(left > 0 ? leftNotes(notes) : []),
    ...lossNotes(page),
  ];
}

/** What is left before and behind what was shown, and the line that shows it. */
function leftNotes({ page, query, shown, left, keepsUnread }: Shown): string[] {
  const { last, skip = 0, all, after } = query;
  const peeks = keepsUnread && !all && after === undefined;
  const skipped = Math.min(skip, left);
  const rest = left - skipped;
  const passed = skipped > 0 ? [`${skipped} were skipped`] : [];
  if (rest === 0) return passed;
  if (last !== undefined) {
    const over = keepsUnread ? skip + shown : skip;
    return [
      ...passed,
      `${rest} older: ${messagesLine({ ...query, skip: over, peeks })}`,
    ];
  }
  const next = nextQuery(page, { ...query, peeks }, shown);
  const line = messagesLine(next);
  return [...passed, `${rest} more: ${line}`];
}

/** What was lost and what is missing, each room once. */
export function lossNotes(
  { dropped, gaps, offline, sealed = [] }: Pick<
    MessagesPage,
    "dropped" | "gaps" | "offline" | "sealed"
  >,
): string[] {
  const cut = offline
    ? ["not connected to the relay: nothing new can come; see agentnet status"]
    : [];
  const fallen = dropped === 0 ? [] : [
    `${
      counted(dropped, "unread message")
    } fell out of the full mailbox; 'agentnet history' may still have ${
      dropped === 1 ? "it" : "them"
    }`,
  ];
  return [
    ...cut,
    ...fallen,
    ...gapSums(gaps).map(gapText),
    ...sealed.map(sealedText),
  ];
}

/** What asks for those behind the ones that were shown. */
function nextQuery(
  page: MessagesPage,
  query: LineQuery,
  shown: number,
): LineQuery {
  const last = page.messages[shown - 1]?.cursor;
  const { after, all, peeks, skip = 0 } = query;
  if (after !== undefined && !all) {
    const { skip: _, ...rest } = query;
    return last === undefined ? query : { ...rest, after: last };
  }
  // What was marked read is not among them any more.
  return all || peeks ? { ...query, skip: skip + shown } : query;
}

/** What is asked for, and whether it is only looked at. */
type LineQuery = MessagesQuery & { readonly peeks?: boolean };

/** The line of a query, with each of its words as a shell has to be given it. */
export function messagesLine(
  { room, after, all, from, mention, last, skip = 0, peeks }: LineQuery,
): string {
  return [
    "agentnet messages",
    ...(all ? ["--all"] : []),
    ...(peeks ? ["--peek"] : []),
    ...(after === undefined ? [] : [`--after ${after}`]),
    ...(last === undefined ? [] : [`--last ${last}`]),
    ...(skip === 0 ? [] : [`--skip ${skip}`]),
    ...(from === undefined ? [] : [`--from ${shellWord(from)}`]),
    ...(mention ? ["--mention"] : []),
    ...(room === undefined ? [] : [lastWord(room)]),
  ].join(" ");
}

function sealedText({ room, count, removed }: SealedWaiting): string {
  const named = withSign(foreignName(room));
  if (removed) {
    const many = count === 1 ? "a message" : `${count} messages`;
    return `sealed: ${many} of ${named} can't be opened: this agent was removed from it`;
  }
  return count === 1
    ? `sealed: a message of ${named} can't be opened yet; its key is asked for`
    : `sealed: ${count} messages of ${named} can't be opened yet; their key is asked for`;
}

function gapText({ room, count, removed }: Gap): string {
  const named = withSign(foreignName(room));
  if (removed && count !== undefined) {
    const [is, it] = count === 1 ? ["is", "it"] : ["are", "they"];
    const many = counted(count, "message");
    return `gap: ${many} of ${named} ${is} given up: this agent was removed from it before ${it} could be opened`;
  }
  return count === undefined
    ? `gap: messages of ${named} may be missing; nobody knows how many`
    : `gap: ${counted(count, "message")} of ${named} could not be had`;
}
