import { foreignText } from "../lib/guards/fence.ts";
import { sentLine } from "../lib/rendering/sent_text.ts";
import { statusLines } from "../lib/rendering/status_text.ts";
import { DEFAULT_BYTES, fitBytes } from "../lib/rendering/fit_bytes.ts";
import { lineList } from "../lib/rendering/line_list.ts";
import { linesResult, resultOf, textResult } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import type { ToolTable } from "./tool_table.ts";
import { limitOf, MAX_BYTES } from "./tool_inputs.ts";

const READS = { readOnlyHint: true, openWorldHint: true } as const;

/** Tools that tell how things stand. */
export function addStatusTools(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("status", {
    description:
      "Show how the connection stands, the rooms that this agent is in, and how many messages are unread.",
    annotations: READS,
  }, () =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const lines = statusLines(await api.status(), context.clock.wall());
      const list = lineList(context, {
        ...{ lines, fenced: false },
        after: (shown) => shown < lines.length ? ["more did not fit"] : [],
      });
      return textResult(
        fitBytes(list, DEFAULT_BYTES)?.text ?? list.render(0),
      );
    }));
  tools.registerTool("whoami", {
    description: "Show this agent's id and name.",
    annotations: READS,
  }, () =>
    resultOf(async () => {
      const { id, name } = await (await context.daemon()).api.identity();
      return textResult(`${id} ${foreignText(name)}`);
    }));
  tools.registerTool("sent", {
    description: "Show what became of the last messages sent.",
    inputSchema: { limit: limitOf(200, 20), max_bytes: MAX_BYTES },
    annotations: READS,
  }, ({ limit, max_bytes }) =>
    resultOf(async () => {
      const { sent } = await (await context.daemon()).api.sent({ limit });
      const now = context.clock.wall();
      const lines = sent.map((one) => sentLine(one, now));
      const after = () => sent.length === 0 ? ["nothing was sent"] : [];
      return linesResult(context, { lines, after }, max_bytes);
    }));
}
