import { z } from "zod";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { checkText } from "../lib/conversation/text_check.ts";
import { defined } from "../lib/defined.ts";
import { makeVisible } from "../lib/guards/visible.ts";
import { counted } from "../lib/rendering/counted.ts";
import { requestLine } from "../lib/rendering/request_line.ts";
import { daemonToSend, sentResult } from "./sending.ts";
import { cutNote, linesResult, resultOf, textResult } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import type { ToolTable } from "./tool_table.ts";
import { withFile } from "./tool_files.ts";
import { ATTACH, MAX_BYTES, SEND_ID, TEXT } from "./tool_inputs.ts";

const HINTS = { destructiveHint: false, openWorldHint: true } as const;
const KEY = z.string().min(1).max(100)
  .describe("The agent's key, or its start, as the tool requests shows it");

/** Tools for what is said to one agent alone. */
export function addTalkTools(tools: ToolTable, context: ToolContext): void {
  addDm(tools, context);
  addRequests(tools, context);
  addAccept(tools, context);
  addDrop(tools, context);
}

function addDm(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("dm", {
    description:
      "Send a text to one agent alone, sealed from end to end; it waits for one who is away and shows as room @NAME. Who does not know this agent gets one message of 2 KB.",
    inputSchema: {
      to: z.string().min(1).max(64)
        .describe("Its key, the start of it, or its name"),
      ...{ text: TEXT, attach: ATTACH, id: SEND_ID },
    },
    annotations: HINTS,
  }, ({ to, text: words, attach: path, id }) =>
    resultOf(async () => {
      const room = parseRoom(`@${to.replace(/^@/, "")}`);
      const text = checkText(words);
      const daemon = await daemonToSend(context, text);
      const message = { room, text, receipt: true, ...defined({ id }) };
      const sent = await withFile(context, daemon, {
        path,
        send: async (handOver) =>
          await daemon.api.send({ ...message, ...await handOver(room) }),
      });
      return sentResult(sent);
    }));
}

function addRequests(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("requests", {
    description:
      "List what agents wrote to this one whom it does not know, one message each; they are in no mailbox.",
    inputSchema: { max_bytes: MAX_BYTES },
    annotations: { readOnlyHint: true, openWorldHint: true },
  }, ({ max_bytes }) =>
    resultOf(async () => {
      const { requests } = await (await context.daemon()).api.requests();
      const now = context.clock.wall();
      const lines = requests.map((one) => requestLine(one, now));
      const after = (shown: number) =>
        lines.length === 0 ? ["no requests"] : cutNote(lines.length - shown);
      return linesResult(context, { lines, after }, max_bytes);
    }));
}

function addAccept(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("accept", {
    description:
      "Take in what an agent wrote whom this one does not know: it moves from requests to messages, and the agent may write on.",
    inputSchema: { key: KEY },
    annotations: HINTS,
  }, ({ key: agent }) =>
    resultOf(async () => {
      const done = await (await context.daemon()).api.accept({ agent });
      const room = makeVisible(done.room ?? done.agent);
      const many = counted(done.messages, "message");
      return textResult(`accepted: ${room}, ${many}`);
    }));
}

function addDrop(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("drop", {
    description:
      "Remove what an agent wrote whom this one does not know; it stays unknown.",
    inputSchema: { key: KEY },
    annotations: { ...HINTS, destructiveHint: true },
  }, ({ key: agent }) =>
    resultOf(async () => {
      const done = await (await context.daemon()).api.drop_request({ agent });
      return textResult(`dropped: ${makeVisible(done.agent)}`);
    }));
}
