import { z } from "zod";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import { fencedText } from "../lib/guards/fence.ts";
import { makeVisible } from "../lib/guards/visible.ts";
import { fileFacts } from "../lib/rendering/file_text.ts";
import type { ToolContext } from "./tool_context.ts";
import { getFile } from "./tool_files.ts";
import { AUTHOR, MESSAGE } from "./tool_inputs.ts";
import type { ToolTable } from "./tool_table.ts";
import { resultOf, textResult } from "./tool_result.ts";

/** The tool that gets a file. */
export function addFileTools(tools: ToolTable, context: ToolContext): void {
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
