import type { LocalApi } from "../local_api/client.ts";
import type { MessagesQuery, ReceivedMessage } from "../local_api/types.ts";

/**
 * Marks messages read that were shown. A mark covers everything of a room up to a cursor; where a filter left some out,
 * exactly those that were shown are marked, so that nothing unseen becomes read and nothing is shown twice.
 *
 * @param shown oldest first, at most a page of them.
 */
export async function markShown(
  api: Pick<LocalApi, "read">,
  query: MessagesQuery,
  shown: readonly ReceivedMessage[],
): Promise<void> {
  const last = shown.at(-1);
  if (last === undefined) return;
  if (query.from !== undefined || query.mention !== undefined) {
    await api.read({ cursors: shown.map(({ cursor }) => cursor) });
    return;
  }
  const room = query.room === undefined ? {} : { room: query.room };
  await api.read({ cursor: last.cursor, ...room });
}
