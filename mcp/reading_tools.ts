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
import type { MessagesQuery } from "../lib/local_api/types.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { pageNotes } from "../lib/rendering/page_notes.ts";
import type { DeferredReads } from "./deferred_reads.ts";
import { messagesResult, resultOf } from "./tool_result.ts";
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
    "Show unread messages, oldest first; what was shown counts as read unless 'peek', 'after' or 'all' is given. " +
    "With wait_seconds it answers at the first message, so call it again rather than in a tight loop.",
  inputSchema: {
    room: ROOM.optional(),
    wait_seconds: waitOf(0, "for a message"),
    limit: limitOf(500, 50),
    peek: z.boolean().default(false).describe("Leave them unread"),
    after: z.number().int().min(0).optional()
      .describe("Those after this number, read or not"),
    all: z.boolean().default(false).describe("Also those that were read"),
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
    ({ peek, max_bytes, wait_seconds, ...asked }, extra) =>
      resultOf(async () => {
        const query = queryOf(asked);
        // What the last result showed is not shown again.
        await reads.done();
        const { api } = await context.daemon();
        const wait = wait_seconds > 0
          ? { wait_ms: Math.round(wait_seconds * 1_000) }
          : {};
        const page = await api.messages({ ...query, ...wait }, extra.signal);
        const { messages } = page;
        const absent = messages.length === 0
          ? await notJoined(api, query)
          : null;
        const after = (shown: number) => [
          ...pageNotes({
            ...{ page, query, shown },
            left: page.remaining + messages.length - shown,
          }),
          ...(absent === null ? [] : [failureLine(absent)]),
        ];
        const list = { messages, after };
        const { result, shown } = messagesResult(context, list, max_bytes);
        if (!peek && !asked.all && asked.after === undefined) {
          const seen = { messages: messages.slice(0, shown), gaps: page.gaps };
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
  readonly from?: string | undefined;
  readonly mention: boolean;
}

function queryOf(
  { room, limit, after, all, from, mention }: Sought,
): MessagesQuery {
  return defined({
    limit,
    room: room === undefined ? undefined : parseRoom(room),
    after,
    all: all || undefined,
    from,
    mention: mention || undefined,
  });
}

function addHistory(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("history", {
    description:
      "Show what was said in a room, oldest first, as the relay kept it. Nothing is marked read.",
    inputSchema: { room: ROOM, limit: limitOf(200, 30), max_bytes: MAX_BYTES },
    annotations: READS,
  }, ({ room, limit, max_bytes }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const { messages } = await api.history({ room: parseRoom(room), limit });
      const after = (shown: number) => [
        ...(messages.length === 0 ? ["no messages"] : []),
        ...fitNote(messages.length - shown),
      ];
      return messagesResult(context, { messages, after }, max_bytes).result;
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
      return messagesResult(context, { messages, after }, max_bytes).result;
    }));
}

const fitNote = (cut: number) =>
  cut > 0 ? [`${cut} newer ones did not fit: raise max_bytes`] : [];
