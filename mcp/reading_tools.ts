import { counted } from "../lib/rendering/counted.ts";
import { z } from "zod";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import {
  lookedNotes,
  searchHistory,
} from "../lib/conversation/search_history.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { notJoined } from "../lib/conversation/not_joined.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import type { HistoryPage } from "../lib/local_api/types/history.ts";
import {
  HISTORY_APART,
  type HistoryPart,
  refuseApart,
} from "../lib/conversation/mixed_parts.ts";
import { addMessages } from "./messages_tool.ts";
import type { DeferredReads } from "./deferred_reads.ts";
import { digestResult, messagesResult, resultOf } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import type { ToolTable } from "./tool_table.ts";
import {
  AUTHOR,
  limitOf,
  MAX_BYTES,
  MESSAGE,
  mostOf,
  ROOM,
  WORDS,
} from "./tool_inputs.ts";
import { defined } from "../lib/defined.ts";

const READS = { readOnlyHint: true, openWorldHint: true } as const;

/** Messages of a history that are shown when no limit is named. */
const SHOWN = 30;

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

function addHistory(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("history", {
    description:
      "Show what was said in a room, oldest first, as the relay kept it. Nothing is marked read.",
    inputSchema: {
      room: ROOM,
      limit: mostOf(1_000, SHOWN),
      skip: z.number().int().min(0).max(2_000).default(0)
        .describe("Pass over so many of the newest"),
      before: z.number().int().min(1).optional()
        .describe("Only those before this number of the relay"),
      digest: z.boolean().default(false)
        .describe("What the last 1000, or 'limit', come to instead"),
      max_bytes: MAX_BYTES,
    },
    annotations: READS,
  }, ({ room: name, max_bytes, ...given }) =>
    resultOf(async () => {
      const parts: Partial<Record<HistoryPart, unknown>> = given;
      refuseApart(HISTORY_APART, (part) => !!parts[part], String);
      const { limit, skip, before: before_seq, digest } = given;
      const { api } = await context.daemon();
      const room = parseRoom(name);
      if (digest) {
        const found = await api.digest({ room, history: limit ?? 1_000 });
        return digestResult(context, found);
      }
      const query = {
        ...{ room, limit: limit ?? SHOWN },
        ...defined({ skip: skip || undefined, before_seq }),
      };
      const page = await inNamedRoom(api, room, () => api.history(query));
      const { messages } = page;
      const after = (shown: number) => [
        ...(messages.length === 0 ? ["no messages"] : []),
        ...olderNote(page, { shown, skip }),
      ];
      const list = { messages, keep: "newest" as const, after };
      return messagesResult(context, list, max_bytes).result;
    }));
}

/** That there are older ones, and which arguments show them. */
function olderNote(
  { messages, has_more }: HistoryPage,
  { shown, skip }: { readonly shown: number; readonly skip: number },
): readonly string[] {
  const isAll = !has_more && shown === messages.length;
  if (isAll || messages.length === 0) return [];
  const oldest = shown === 0 ? undefined : messages.at(-shown);
  return oldest?.seq === undefined
    ? [`older ones: the same with skip ${skip + shown}`]
    : [`older ones: the same with before ${oldest.seq}`];
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
      const absent = messages.length === 0
        ? await notJoined(api, defined({ room: query.room }))
        : null;
      const after = (shown: number) => [
        ...(messages.length === 0 ? ["no message holds these words"] : []),
        ...fitNote(messages.length - shown),
        ...(remaining > 0
          ? [`${counted(remaining, "older one")}: raise limit`]
          : []),
        ...lookedNotes(looked),
        ...(absent === null ? [] : [failureLine(absent)]),
      ];
      const list = { messages, keep: "newest" as const, after };
      return messagesResult(context, list, max_bytes).result;
    }));
}

const fitNote = (cut: number) =>
  cut > 0 ? [`${cut} older ones did not fit: raise max_bytes`] : [];
