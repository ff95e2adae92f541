import type { MessageRow } from "./rows.ts";

/** A room's messages from some number on, each once, without a hole between them: the relay numbers them so. */
export interface Timeline {
  readonly messages: readonly MessageRow[];
  /** Whether the relay has older ones. */
  readonly hasOlder: boolean;
  /** By the author's own id; of several with one id the first. */
  readonly byId: ReadonlyMap<string, MessageRow>;
  /** How many answer each, by its id. */
  readonly answers: ReadonlyMap<string, number>;
}

export const EMPTY: Timeline = {
  messages: [],
  hasOlder: true,
  byId: new Map(),
  answers: new Map(),
};

/** A page of a room's history, oldest first. */
export interface HistoryPage {
  readonly messages: readonly MessageRow[];
  readonly hasMore: boolean;
}

export function firstSeq({ messages }: Timeline): number | undefined {
  return messages[0]?.seq;
}

export function lastSeq({ messages }: Timeline): number | undefined {
  return messages.at(-1)?.seq;
}

/**
 * Adds a message that was just said.
 *
 * @returns null where others came between that are not here: the newest page is to be read.
 */
export function withLive(
  timeline: Timeline,
  message: MessageRow,
): Timeline | null {
  const last = lastSeq(timeline);
  if (last === undefined && timeline.hasOlder) return null;
  if (last !== undefined && message.seq <= last) return timeline;
  if (last !== undefined && message.seq > last + 1) return null;
  return joined(timeline.messages, [message], timeline.hasOlder);
}

/**
 * Adds the newest page.
 *
 * @returns null where the page does not reach what is here: what lies between is to be read too, or what is here is to
 *   be given up.
 */
export function withNewest(
  timeline: Timeline,
  page: HistoryPage,
): Timeline | null {
  const last = lastSeq(timeline);
  if (last === undefined) {
    return joined([], page.messages, page.hasMore);
  }
  const [oldest] = page.messages;
  const reaches = oldest === undefined || oldest.seq <= last + 1 ||
    !page.hasMore;
  if (!reaches) return null;
  const news = page.messages.filter(({ seq }) => seq > last);
  if (news.length === 0) return timeline;
  return joined(timeline.messages, news, timeline.hasOlder);
}

/** Adds a page of older ones. */
export function withOlder(timeline: Timeline, page: HistoryPage): Timeline {
  const first = firstSeq(timeline);
  const older = page.messages.filter(({ seq }) =>
    first === undefined || seq < first
  );
  return joined(older, timeline.messages, page.hasMore && older.length > 0);
}

/** One message and all that answers it, and what answers those, in order; each with how deep it stands. */
export function threadOf(
  { messages }: Timeline,
  root: MessageRow,
): { readonly message: MessageRow; readonly depth: number }[] {
  const depths = new Map([[root.id, 0]]);
  const thread = [{ message: root, depth: 0 }];
  for (const message of messages) {
    if (message === root || message.reply_to === undefined) continue;
    const above = depths.get(message.reply_to);
    if (above === undefined || depths.has(message.id)) continue;
    depths.set(message.id, above + 1);
    thread.push({ message, depth: above + 1 });
  }
  return thread;
}

function joined(
  before: readonly MessageRow[],
  after: readonly MessageRow[],
  hasOlder: boolean,
): Timeline {
  const messages = [...before, ...after];
  const byId = new Map<string, MessageRow>();
  const answers = new Map<string, number>();
  for (const message of messages) {
    if (!byId.has(message.id)) byId.set(message.id, message);
    const { reply_to } = message;
    if (reply_to === undefined) continue;
    answers.set(reply_to, (answers.get(reply_to) ?? 0) + 1);
  }
  return { messages, hasOlder, byId, answers };
}
