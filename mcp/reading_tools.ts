import { counted } from "../lib/rendering/counted.ts";
import { z } from "zod";
import { markShown } from "../lib/conversation/mark_shown.ts";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import { notJoined } from "../lib/conversation/not_joined.ts";
import {
  lookedNotes,
  searchHistory,
} from "../lib/conversation/search_history.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import type { DigestQuery, MessagesQuery } from "../lib/local_api/types.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { type MessageList, some } from "../lib/rendering/message_list.ts";
import { pageNotes } from "../lib/rendering/page_notes.ts";
import type { DeferredReads } from "./deferred_reads.ts";
import { digestResult, messagesResult, resultOf } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import type { ToolTable } from "./tool_table.ts";
import {
  AUTHOR,
  FROM,
  limitOf,
  MAX_BYTES,
  MESSAGE,
  ROOM,
  waitOf,
  WORDS,
} from "./tool_inputs.ts";
import { defined } from "../lib/defined.ts";

const READS = { readOnlyHint: true, openWorldHint: true } as const;

/** Tools that show messages. */
export function addReadingTools(
  tools: ToolTable,
  context: ToolContext,
  reads: DeferredReads,
): void {
  addMessages(tools, context, reads);
  addHistory(tools, context);
  addSearch(tools, context);
  tools.registerTool("show", {
    description: "Show one message of the mailbox whole.",
    inputSchema: {
      message: MESSAGE,
      from: AUTHOR,
      max_bytes: MAX_BYTES.default(64_000),
    },
    annotations: READS,
  }, ({ message, from, max_bytes }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const messages = [await findMessage(api, { word: message, from })];
      const list = { messages, after: () => [] };
      return messagesResult(context, list, max_bytes).result;
    }));
}

const MESSAGES = {
  description:
    "Show unread messages, oldest first; what was shown counts as read unless 'peek', 'after', 'all', 'again' or " +
    "'digest' is given. " +
    "With wait_seconds it answers at the first message, so call it again rather than in a tight loop.",
  inputSchema: {
    room: ROOM.optional(),
    wait_seconds: waitOf(0, "for a message"),
    limit: limitOf(500, 50),
    peek: z.boolean().default(false).describe("Leave them unread"),
    after: z.number().int().min(0).optional()
      .describe("Those after this number, read or not"),
    all: z.boolean().default(false).describe("Also those that were read"),
    last: z.number().int().min(1).max(500).optional()
      .describe("The newest ones, so many, instead of 'limit'"),
    skip: z.number().int().min(0).max(1_000_000).default(0)
      .describe("Pass over so many: the oldest, with 'last' the newest"),
    again: z.boolean().default(false)
      .describe("The last page that was read once more, and nothing else"),
    digest: z.boolean().default(false)
      .describe(
        "What they come to: who said how many, what is for you, open questions",
      ),
    from: FROM,
    mention: z.boolean().default(false)
      .describe("Only those that name this agent"),
    max_bytes: MAX_BYTES,
  },
  annotations: { destructiveHint: false, openWorldHint: true },
} as const;

function addMessages(
  tools: ToolTable,
  context: ToolContext,
  reads: DeferredReads,
): void {
  tools.registerTool(
    "messages",
    MESSAGES,
    ({ peek, max_bytes, wait_seconds, digest, ...asked }, extra) =>
      resultOf(async () => {
        const query = queryOf(asked);
        // What the last result showed is not shown again.
        await reads.done();
        const { api } = await context.daemon();
        if (digest) {
          return digestResult(context, await api.digest(digestOf(query)));
        }
        const wait = wait_seconds > 0
          ? { wait_ms: Math.round(wait_seconds * 1_000) }
          : {};
        const page = await api.messages({ ...query, ...wait }, extra.signal);
        const { messages } = page;
        const keepsUnread = peek || asked.all || asked.again ||
          asked.after !== undefined;
        const absent = messages.length === 0
          ? await notJoined(api, query)
          : null;
        const after = (shown: number) => [
          ...pageNotes({
            ...{ page, query, shown },
            left: page.remaining + messages.length - shown,
            keepsUnread,
          }),
          ...(absent === null ? [] : [failureLine(absent)]),
        ];
        const keep: MessageList["keep"] = query.last === undefined
          ? "oldest"
          : "newest";
        const list = { messages, keep, after };
        const { result, shown } = messagesResult(context, list, max_bytes);
        if (!keepsUnread) {
          const { gaps } = page;
          const seen = { messages: some(messages, shown, keep), gaps };
          reads.after(extra, () => markShown(api, query, seen));
        }
        return result;
      }),
  );
}

interface Sought {
  readonly room?: string | undefined;
  readonly limit: number;
  readonly after?: number | undefined;
  readonly all: boolean;
  readonly last?: number | undefined;
  readonly skip: number;
  readonly again: boolean;
  readonly from?: string | undefined;
  readonly mention: boolean;
}

function queryOf(
  { room, limit, after, all, last, skip, again, from, mention }: Sought,
): MessagesQuery {
  return defined({
    ...{ limit, last },
    skip: skip || undefined,
    again: again || undefined,
    room: room === undefined ? undefined : parseRoom(room),
    after,
    all: all || undefined,
    from,
    mention: mention || undefined,
  });
}

/** Of which messages a digest is wanted. */
function digestOf(
  { room, after, all, from, mention }: MessagesQuery,
): DigestQuery {
  return defined({ room, after, all, from, mention });
}

function addHistory(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("history", {
    description:
      "Show what was said in a room, oldest first, as the relay kept it. Nothing is marked read.",
    inputSchema: {
      room: ROOM,
      limit: limitOf(1_000, 30),
      skip: z.number().int().min(0).max(2_000).default(0)
        .describe("Pass over so many of the newest"),
      digest: z.boolean().default(false)
        .describe("What the last 1000 come to instead"),
      max_bytes: MAX_BYTES,
    },
    annotations: READS,
  }, ({ room: name, limit, skip, digest, max_bytes }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const room = parseRoom(name);
      if (digest) {
        const found = await api.digest({ room, history: 1_000 });
        return digestResult(context, found);
      }
      const { messages } = await api.history({ room, limit, skip });
      const after = (shown: number) => [
        ...(messages.length === 0 ? ["no messages"] : []),
        ...fitNote(messages.length - shown),
      ];
      const list = { messages, keep: "newest" as const, after };
      return messagesResult(context, list, max_bytes).result;
    }));
}

function addSearch(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("search", {
    description:
      "Find messages that this agent received or sent by their words, read or not: the newest ones, oldest first. With history also what the relay keeps of the room, or of all rooms joined, from before this agent came.",
    inputSchema: {
      words: WORDS,
      room: ROOM.optional(),
      history: z.boolean().default(false)
        .describe("Also look through the relay's history"),
      limit: limitOf(500, 20),
      max_bytes: MAX_BYTES,
    },
    annotations: READS,
  }, ({ words, room, history, limit, max_bytes }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const query = defined({
        words,
        limit,
        room: room === undefined ? undefined : parseRoom(room),
      });
      const { messages, remaining, looked } = history
        ? await searchHistory(context, api, query)
        : { ...await api.search(query), looked: [] };
      const after = (shown: number) => [
        ...(messages.length === 0 ? ["no message holds these words"] : []),
        ...fitNote(messages.length - shown),
        ...(remaining > 0
          ? [`${counted(remaining, "older one")}: raise limit`]
          : []),
        ...lookedNotes(looked),
      ];
      const list = { messages, keep: "newest" as const, after };
      return messagesResult(context, list, max_bytes).result;
    }));
}

const fitNote = (cut: number) =>
  cut > 0 ? [`${cut} older ones did not fit: raise max_bytes`] : [];
