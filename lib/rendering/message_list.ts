import { foreignText } from "../guards/fence.ts";
import { visibleJson } from "../guards/visible.ts";
import type { Fittable } from "./fit_bytes.ts";
import { MessageLines } from "./message_lines.ts";
import type { ShownMessage } from "./message_text.ts";
import { newFence, type RenderContext } from "./render_context.ts";

/** Messages and what stands around them. */
export interface MessageList {
  /** Oldest first. */
  readonly messages: readonly ShownMessage[];
  readonly raw?: boolean | undefined;
  /** Which are shown where not all fit; the oldest without it. */
  readonly keep?: "oldest" | "newest" | undefined;
  /** Flags of the command that shows all of a text; none but for the one that could have shown it. */
  readonly wholeBy?: string | undefined;
  /** Our own lines after the fence, when so many messages stand in it. */
  readonly after: (shown: number) => readonly string[];
}

/** Messages inside a fence, a line each; as they came and without a fence when they are `raw`. */
export function textList(
  context: RenderContext,
  { messages, raw = false, keep, wholeBy, after }: MessageList,
): Fittable {
  const now = context.clock.wall();
  const fence = newFence(context);
  const texts = messages.map(({ text }) => raw ? text : foreignText(text));
  return {
    count: messages.length,
    longest: Math.max(0, ...texts.map(({ length }) => length)),
    render(shown, head) {
      const body = new MessageLines(now).of(
        some(messages, shown, keep),
        { texts: some(texts, shown, keep), head, wholeBy },
      );
      const inside = raw || shown === 0
        ? body
        : [fence.open, ...body, fence.close];
      return [...inside, ...after(shown)]
        .map((line) => `${line}\n`).join("");
    },
  };
}

/** The next messages of a stream, whose lines follow on those before; `lines` itself is left as it is. */
export function streamList(
  lines: MessageLines,
  { messages, raw = false }: Pick<MessageList, "messages" | "raw">,
): Fittable {
  const texts = messages.map(({ text }) => raw ? text : foreignText(text));
  return {
    count: messages.length,
    longest: Math.max(0, ...texts.map(({ length }) => length)),
    render: (shown, head) =>
      lines.copy().of(messages.slice(0, shown), { texts, head })
        .map((line) => `${line}\n`).join(""),
  };
}

/** Messages as one line of JSON, inside what `around` makes. A text is there whole or not at all. */
export function jsonList(
  { messages, keep }: Pick<MessageList, "messages" | "keep">,
  around: (messages: readonly object[]) => object,
): Fittable {
  return {
    count: messages.length,
    longest: 0,
    render: (shown) => `${visibleJson(around(some(messages, shown, keep)))}\n`,
  };
}

/** So many of a list: its first, or its last. */
export function some<Item>(
  list: readonly Item[],
  count: number,
  keep: MessageList["keep"] = "oldest",
): readonly Item[] {
  return keep === "oldest"
    ? list.slice(0, count)
    : list.slice(list.length - count);
}
