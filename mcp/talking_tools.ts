import type { CallToolResult } from "@modelcontextprotocol/sdk/types";
import { z } from "zod";
import { answeredId, findMessage } from "../lib/conversation/message_lookup.ts";
import { type Claimed, claimText } from "../lib/conversation/claim.ts";
import {
  claimFailure,
  claimLine,
  claimNotes,
} from "../lib/conversation/claim_words.ts";
import { askFailure, askNotes } from "../lib/conversation/asked_words.ts";
import { markEach } from "../lib/conversation/mark_shown.ts";
import { type Asked, askQuestion } from "../lib/conversation/question.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { checkText } from "../lib/conversation/text_check.ts";
import type { Failure } from "../lib/errors.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import {
  answeredLine,
  quotedLine,
  sendText,
} from "../lib/rendering/sent_text.ts";
import type { DeferredReads } from "./deferred_reads.ts";
import { apiToSend, daemonToSend, sentResult } from "./sending.ts";
import { messagesResult, resultOf, textResult } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import { withFile } from "./tool_files.ts";
import type { ToolTable } from "./tool_table.ts";
import {
  ATTACH,
  AUTHOR,
  FROM,
  MAX_BYTES,
  MESSAGE,
  ROOM,
  SEND_ID,
  TEXT,
  waitOf,
} from "./tool_inputs.ts";
import { defined } from "../lib/defined.ts";

const HINTS = { destructiveHint: false, openWorldHint: true } as const;

/** Tools that send. None of them can lift a guard: that is for a human, in a shell. */
export function addTalkingTools(
  tools: ToolTable,
  context: ToolContext,
  reads: DeferredReads,
): void {
  addSend(tools, context);
  addReply(tools, context);
  addClaim(tools, context);
  addAsk(tools, context, reads);
}

function addSend(tools: ToolTable, context: ToolContext): void {
  tools.registerTool(
    "send",
    {
      description:
        "Send a text to a room. 'accepted': the relay took it; 'queued': it goes out when there is a connection.",
      inputSchema: {
        room: ROOM,
        text: TEXT,
        attach: ATTACH,
        id: SEND_ID,
        reply_to: MESSAGE.optional().describe("Id of the message it answers"),
      },
      annotations: HINTS,
    },
    ({ room, text: words, attach: path, id, reply_to }) =>
      resultOf(async () => {
        const text = checkText(words);
        const daemon = await daemonToSend(context, text);
        const { api } = daemon;
        const named = parseRoom(room);
        const answered = await answeredId(api, reply_to);
        const more = defined({ id, reply_to: answered });
        const sent = await withFile(context, daemon, {
          path,
          send: (handOver) =>
            inNamedRoom(api, named, async () => {
              const file = await handOver(named);
              return await api.send({ room: named, text, ...more, ...file });
            }),
        });
        return sentResult(sent);
      }),
  );
}

function addReply(tools: ToolTable, context: ToolContext): void {
  tools.registerTool(
    "reply",
    {
      description:
        "Answer a message, in its room and marked as the answer to it.",
      inputSchema: {
        ...{ message: MESSAGE, from: AUTHOR, text: TEXT },
        ...{ attach: ATTACH, id: SEND_ID },
      },
      annotations: HINTS,
    },
    ({ message, from, text: words, attach: path, id }) =>
      resultOf(async () => {
        const text = checkText(words);
        const daemon = await daemonToSend(context, text);
        const { api } = daemon;
        const named = { word: message, from };
        const asked = await findMessage(api, named);
        const { room, id: reply_to } = asked;
        const answer = { room, text, reply_to, ...defined({ id }) };
        const sent = await withFile(context, daemon, {
          path,
          send: async (handOver) =>
            await api.send({ ...answer, ...await handOver(room) }),
        });
        return sentResult(sent, answeredLine(asked));
      }),
  );
}

function addClaim(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("claim", {
    description:
      "Claim a piece of work in a room: the first to claim the same words there has it. Says whose it is; one that another has is an error with that agent's key.",
    inputSchema: { room: ROOM, text: TEXT, id: SEND_ID },
    annotations: HINTS,
  }, ({ room, text: words, id }) =>
    resultOf(async () => {
      const text = checkText(words);
      const api = await apiToSend(context, text);
      const claim = { room: parseRoom(room), text, ...defined({ id }) };
      const claimed = await inNamedRoom(
        api,
        claim.room,
        () => claimText(context, api, claim),
      );
      return claimResult(claimed);
    }));
}

function claimResult(claimed: Claimed): CallToolResult {
  const { first, sent } = claimed;
  if (first === null && sent !== null) return sentResult(sent);
  const failure = claimFailure(claimed);
  const lines = [
    claimLine(claimed),
    ...(failure === null || first === null ? [] : [quotedLine(first)]),
    ...claimNotes(claimed),
    ...(failure === null ? [] : [`${failure.code}: ${failureLine(failure)}`]),
  ];
  const result = textResult(lines.join("\n"));
  return failure === null ? result : { ...result, isError: true };
}

function addAsk(
  tools: ToolTable,
  context: ToolContext,
  reads: DeferredReads,
): void {
  tools.registerTool(
    "ask",
    {
      description:
        "Send a text, marked as a question, and wait for the answer to it; anybody in the room can answer first, unless from says whose counts; a plain message of the one who is asked counts as likely. A question or a message that means you ends the waiting: answer it. Where no answer comes in time, wait on with the tool messages.",
      inputSchema: {
        room: ROOM,
        text: TEXT,
        from: FROM,
        answers: z.number().int().min(1).max(100).default(1)
          .describe("Wait for the answers of so many agents"),
        wait_seconds: waitOf(45, "for the answer"),
        max_bytes: MAX_BYTES,
      },
      annotations: HINTS,
    },
    ({ room: name, text: words, wait_seconds, max_bytes, ...more }, extra) =>
      resultOf(async () => {
        const { from, answers: wanted } = more;
        const text = checkText(words);
        const api = await apiToSend(context, text);
        const room = parseRoom(name);
        const question = {
          ...{ room, text, answers: wanted, timeoutMs: wait_seconds * 1_000 },
          ...{ signal: extra.signal, ...defined({ from }) },
        };
        const asked = await inNamedRoom(
          api,
          room,
          () => askQuestion(context, api, question),
        );
        const { sent, answers, interruption } = asked;
        if (sent.status !== "accepted") return sentResult(sent);
        const messages = interruption === null
          ? answers
          : [...answers, interruption];
        const after = () => askedLines(asked);
        const list = { messages, after };
        const { result, shown } = messagesResult(context, list, max_bytes);
        // As with a filter: earlier unread messages of the room stay unread.
        reads.after(extra, () => markEach(api, messages.slice(0, shown)));
        return result;
      }),
  );
}

function askedLines(asked: Asked): string[] {
  const failure = askFailure(asked);
  return [
    sendText(asked.sent),
    ...askNotes(asked),
    ...(failure === null ? [] : [askedLine(failure)]),
  ];
}

function askedLine(failure: Failure): string {
  return failure.code === "NOTHING_CAME"
    ? "no answer yet: wait on with the tool messages"
    : failureLine(failure);
}
