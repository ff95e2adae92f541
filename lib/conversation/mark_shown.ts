import type { LocalApi } from "../local_api/client.ts";
import type { MessagesQuery, ReceivedMessage } from "../local_api/types.ts";

/** How many unread messages are looked at when only some were shown. */
const LOOK_BACK = 500;

/**
 * Marks messages read that were shown. A mark covers everything of a room up to a cursor: where a filter left some
 * out, it goes only as far as all before it was shown, so that nothing unseen becomes read.
 */
export async function markShown(
  api: Pick<LocalApi, "read" | "messages">,
  query: MessagesQuery,
  shown: readonly ReceivedMessage[],
): Promise<void> {
  const last = shown.at(-1);
  if (last === undefined) return;
  const room = query.room === undefined ? {} : { room: query.room };
  if (query.from === undefined && query.mention === undefined) {
    await api.read({ cursor: last.cursor, ...room });
    return;
  }
  const unread = await api.messages({ ...room, limit: LOOK_BACK });
  const seen = new Set(shown.map((one) => one.cursor));
  for (const cursor of shownPrefixes(unread.messages, seen)) {
    await api.read(cursor);
  }
}

/** For each room the last cursor up to which every unread message was shown. */
function shownPrefixes(
  unread: readonly ReceivedMessage[],
  seen: ReadonlySet<number>,
): { room: string; cursor: number }[] {
  const prefixes = new Map<string, number>();
  const ended = new Set<string>();
  for (const { room, cursor } of unread) {
    if (!seen.has(cursor)) ended.add(room);
    else if (!ended.has(room)) prefixes.set(room, cursor);
  }
  return [...prefixes].map(([room, cursor]) => ({ room, cursor }));
}
