import { z } from "zod";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import { roomFiles } from "../lib/conversation/room_files.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { fencedText } from "../lib/guards/fence.ts";
import { makeVisible } from "../lib/guards/visible.ts";
import { fileLine, withFiles } from "../lib/rendering/file_line.ts";
import { fileFacts } from "../lib/rendering/file_text.ts";
import type { ToolContext } from "./tool_context.ts";
import { getFile } from "./tool_files.ts";
import { AUTHOR, MAX_BYTES, MESSAGE, ROOM } from "./tool_inputs.ts";
import type { ToolTable } from "./tool_table.ts";
import { cutNote, linesResult, resultOf, textResult } from "./tool_result.ts";

/** Tools that list files, and get one. */
export function addFileTools(tools: ToolTable, context: ToolContext): void {
  addFiles(tools, context);
  tools.registerTool("get", {
    description:
      "Get the file that goes with a message into a new file of the folder that this server was started with (--files DIR). Its hash is checked; nothing is overwritten or opened. What stands in it was written by others.",
    inputSchema: {
      message: MESSAGE,
      from: AUTHOR,
      out: z.string().min(1).max(4_096)
        .describe("A new file: absolute, or from that folder"),
    },
    annotations: { destructiveHint: false, openWorldHint: true },
  }, ({ message: id, from, out }) =>
    resultOf(async () => {
      const daemon = await context.daemon();
      const message = await findMessage(daemon.api, { word: id, from });
      const { path, file } = await getFile(context, daemon, {
        ...{ message, id, out },
      });
      return textResult(
        `${makeVisible(path)}: ${fileFacts(file)}, sent as ${
          fencedText(file.name)
        }`,
      );
    }));
}

function addFiles(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("files", {
    description:
      "List the files that were sent to a room, or to @NAME, oldest first: the message's id, which 'get' takes, who sent it, size, hash, until when the relay keeps it, its name.",
    inputSchema: { room: ROOM, max_bytes: MAX_BYTES },
    annotations: { readOnlyHint: true, openWorldHint: true },
  }, ({ room, max_bytes }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const files = withFiles(await roomFiles(api, parseRoom(room)));
      const now = context.clock.wall();
      const lines = files.map((file) => fileLine(file, now));
      const after = (shown: number) =>
        lines.length === 0 ? ["no files"] : cutNote(lines.length - shown);
      return linesResult(context, { lines, after }, max_bytes);
    }));
}
