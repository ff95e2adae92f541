import { z } from "zod";
import { markShown } from "../lib/conversation/mark_shown.ts";
import {
  MESSAGES_APART,
  type MessagesPart,
  mixed,
  refuseApart,
} from "../lib/conversation/mixed_parts.ts";
import { notJoined } from "../lib/conversation/not_joined.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { defined } from "../lib/defined.ts";
import type { DigestQuery } from "../lib/local_api/types/digest.ts";
import type { MessagesQuery } from "../lib/local_api/types/mailbox.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { type MessageList, some } from "../lib/rendering/message_list.ts";
import { pageNotes } from "../lib/rendering/page_notes.ts";
import type { DeferredReads } from "./deferred_reads.ts";
import type { ToolContext } from "./tool_context.ts";
import { FROM, MAX_BYTES, mostOf, ROOM, waitOf } from "./tool_inputs.ts";
import { digestResult, messagesResult, resultOf } from "./tool_result.ts";
import type { ToolTable } from "./tool_table.ts";

const MESSAGES = {
  description:
    "Show unread messages, oldest first; what was shown counts as read unless 'peek', 'after', 'all', 'again' or " +
    "'digest' is given. " +
    "With wait_seconds it answers at the first message, so call it again rather than in a tight loop.",
  inputSchema: {
    room: ROOM.optional(),
    wait_seconds: waitOf(0, "for a message"),
    limit: mostOf(500, 50),
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

/** The tool that shows unread messages. */
export function addMessages(
  tools: ToolTable,
  context: ToolContext,
  reads: DeferredReads,
): void {
  tools.registerTool(
    "messages",
    MESSAGES,
    (given, extra) =>
      resultOf(async () => {
        const { peek, max_bytes, wait_seconds, digest, ...asked } = given;
        refuseMixed(given);
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
          const seen = { ...page, messages: some(messages, shown, keep) };
          reads.after(extra, () => markShown(api, query, seen));
        }
        return result;
      }),
  );
}

interface Sought {
  readonly room?: string | undefined;
  readonly limit?: number | undefined;
  readonly after?: number | undefined;
  readonly all: boolean;
  readonly last?: number | undefined;
  readonly skip: number;
  readonly again: boolean;
  readonly from?: string | undefined;
  readonly mention: boolean;
}

/** @throws {Failure} USAGE for arguments that contradict each other. */
function refuseMixed(
  given: Sought & {
    readonly wait_seconds: number;
    readonly peek: boolean;
    readonly digest: boolean;
  },
): void {
  const { wait_seconds, room, ...rest } = given;
  const parts: Partial<Record<MessagesPart, unknown>> = {
    ...rest,
    wait: wait_seconds,
  };
  refuseApart(
    MESSAGES_APART,
    // What was left out is false, 0 or nothing; only "after" means something with 0.
    (part) => part === "after" ? rest.after !== undefined : !!parts[part],
    (part) => part === "wait" ? "wait_seconds" : part,
  );
  if (given.again && room !== undefined) throw mixed("again", "a room");
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
