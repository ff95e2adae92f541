import type { LocalApi } from "../local_api/client.ts";
import type {
  Gap,
  MessagesQuery,
  ReadRequest,
  SealedWaiting,
} from "../local_api/types/mailbox.ts";
import type { ReceivedMessage } from "../local_api/types/messages.ts";
import { defined } from "../defined.ts";

/** The local API takes so many at once; the rest is shown again. */
const MOST_GAPS = 500;

/** What stood in an answer. */
export interface Shown {
  /** Oldest first, at most a page of them. */
  readonly messages: readonly ReceivedMessage[];
  readonly gaps: readonly Gap[];
  /** Our own line said of them that they can't be opened. */
  readonly sealed?: readonly SealedWaiting[];
}

/**
 * Marks read what was shown. A mark covers everything of a room up to a cursor; where a filter, \`last\` or \`skip\` left some out, exactly
 * those messages that were shown are marked, so that nothing unseen becomes read and nothing is shown twice. A gap that
 * no message has come after lies before no mark, and is named itself.
 */
export async function markShown(
  api: Pick<LocalApi, "read">,
  query: MessagesQuery,
  { messages, gaps, sealed = [] }: Shown,
): Promise<void> {
  const open = gaps.filter(({ before }) => before === 0).slice(0, MOST_GAPS);
  const told = sealed.slice(0, MOST_GAPS);
  const isNothing = [messages, open, told].every((one) => one.length === 0);
  if (isNothing) return;
  await api.read({
    ...marks(query, messages),
    ...(open.length === 0 ? {} : { gaps: open }),
    ...(told.length === 0 ? {} : { sealed: told }),
  });
}

/** Marks exactly these messages read, whatever is unread before them. */
export async function markEach(
  api: Pick<LocalApi, "read">,
  messages: readonly Pick<ReceivedMessage, "cursor">[],
): Promise<void> {
  if (messages.length === 0) return;
  await api.read({ cursors: messages.map(({ cursor }) => cursor) });
}

function marks(
  { from, mention, room, last, skip }: MessagesQuery,
  messages: readonly ReceivedMessage[],
): Pick<ReadRequest, "cursor" | "cursors" | "room" | "shown"> {
  const newest = messages.at(-1);
  if (newest === undefined) return {};
  const shown = messages.map(({ cursor }) => cursor);
  const isPart = [from, mention, last, skip].some((one) => one !== undefined);
  return isPart
    ? { cursors: shown }
    : defined({ cursor: newest.cursor, room, shown });
}
