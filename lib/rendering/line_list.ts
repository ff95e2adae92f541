import type { Fittable } from "./fit_bytes.ts";
import { newFence, type RenderContext } from "./render_context.ts";

/** Lines and what stands around them. */
export interface LineList {
  /** Our own lines before them. */
  readonly before?: readonly string[];
  readonly lines: readonly string[];
  /** Whether the lines hold text of others, and so stand inside a fence. */
  readonly fenced: boolean;
  /** Our own lines behind them, when so many are shown. */
  readonly after: (shown: number) => readonly string[];
}

/** Lines, as many as are asked for. */
export function lineList(
  context: Pick<RenderContext, "randomBytes">,
  { before = [], lines, fenced, after }: LineList,
): Fittable {
  const fence = newFence(context);
  return {
    count: lines.length,
    longest: 0,
    render(shown) {
      const body = lines.slice(0, shown);
      const inside = fenced && shown > 0
        ? [fence.open, ...body, fence.close]
        : body;
      return [...before, ...inside, ...after(shown)]
        .map((line) => `${line}\n`).join("");
    },
  };
}
