import { drawMarker, makeFence, MARKER_BYTES } from "../guards/fence.ts";
import type { Fence } from "../guards/fence.ts";
import { visibleJson } from "../guards/visible.ts";
import { byteLength, cutText, type Fittable } from "./fit_bytes.ts";
import { lineText, messageLine, type ShownMessage } from "./message_text.ts";

/** Messages and what stands around them. */
export interface MessageList {
  readonly messages: readonly ShownMessage[];
  readonly raw?: boolean | undefined;
  /** Our own lines after the fence, when so many messages stand in it. */
  readonly after: (shown: number) => readonly string[];
}

/** Wall clock, for ages, and the source of a fence's marker. */
export interface RenderContext {
  readonly clock: { wall(): number };
  randomBytes(count: number): Uint8Array;
}

/** A fence with a marker drawn for this call. */
export function newFence(context: Pick<RenderContext, "randomBytes">): Fence {
  return makeFence(drawMarker(context.randomBytes(MARKER_BYTES)));
}

/** Messages inside a fence, a line each; as they came and without a fence when they are `raw`. */
export function textList(
  context: RenderContext,
  { messages, raw = false, after }: MessageList,
): Fittable {
  const now = context.clock.wall();
  const lines = messages.map((one) => messageLine(one, { now, raw }));
  const fence = newFence(context);
  return {
    count: lines.length,
    textLength: (place) => lines[place]?.text.length ?? 0,
    render(shown, cut) {
      const body = lines.slice(0, shown).map((line, place) =>
        lineText(line, place === shown - 1 ? cut : undefined)
      );
      const inside = raw || shown === 0
        ? body
        : [fence.open, ...body, fence.close];
      return [...inside, ...after(shown)]
        .map((line) => `${line}\n`).join("");
    },
  };
}

/** Messages as one line of JSON, inside what `around` makes. */
export function jsonList(
  messages: readonly ShownMessage[],
  around: (messages: readonly object[]) => object,
): Fittable {
  return {
    count: messages.length,
    textLength: (place) => messages[place]?.text.length ?? 0,
    render(shown, cut) {
      const some = messages.slice(0, shown).map((one, place) =>
        cut === undefined || place < shown - 1 ? one : cutMessage(one, cut)
      );
      return `${visibleJson(around(some))}\n`;
    },
  };
}

/** A message with the start of its text; `missing_bytes` says how much of it is not there. */
function cutMessage(message: ShownMessage, cut: number): object {
  const text = cutText(message.text, cut);
  const missing = byteLength(message.text) - byteLength(text);
  return { ...message, text, missing_bytes: missing };
}
