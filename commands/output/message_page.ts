import { Failure } from "../../lib/errors.ts";
import {
  drawMarker,
  type Fence,
  makeFence,
  MARKER_BYTES,
} from "../../lib/guards/fence.ts";
import { visibleJson } from "../../lib/guards/visible.ts";
import type { CliContext } from "../cli_context.ts";
import {
  byteLength,
  cutText,
  fitBytes,
  type Fittable,
  type Fitted,
} from "./fit_bytes.ts";
import { lineText, messageLine, type ShownMessage } from "./message_text.ts";

/** Messages and how they are shown. */
export interface PageOptions {
  readonly messages: readonly ShownMessage[];
  /** Largest output in bytes; no bound without it. */
  readonly maxBytes?: number | undefined;
  readonly raw?: boolean | undefined;
  readonly json?: boolean | undefined;
  /** Our own lines after the fence, when so many messages stand in it. */
  readonly after: (shown: number) => readonly string[];
  /** The JSON around the messages that are shown. */
  readonly around: (messages: readonly object[]) => object;
}

/** A fence with a marker drawn for this call. */
export function newFence(context: CliContext): Fence {
  return makeFence(drawMarker(context.randomBytes(MARKER_BYTES)));
}

/**
 * Writes messages: inside a fence, a line each, or as JSON; never more than `maxBytes` in all.
 *
 * @returns how many were written, the last one perhaps cut.
 * @throws {Failure} USAGE where not even one fits; nothing is written then.
 */
export function writeMessages(
  context: CliContext,
  options: PageOptions,
): number {
  const list = options.json ? jsonList(options) : textList(context, options);
  const { text, shown } = fitted(list, options);
  context.stdout.write(text);
  return shown;
}

function fitted(list: Fittable, { maxBytes }: PageOptions): Fitted {
  if (maxBytes === undefined) {
    return { text: list.render(list.count), shown: list.count };
  }
  const fit = fitBytes(list, maxBytes);
  if (fit !== null) return fit;
  const least = byteLength(list.render(1, 0)) + 64;
  throw new Failure("USAGE", {
    fields: {
      reason: `not one message fits into ${maxBytes} bytes`,
      fix: `give at least --max-bytes ${least}`,
    },
  });
}

function textList(context: CliContext, options: PageOptions): Fittable {
  const raw = options.raw ?? false;
  const now = context.clock.wall();
  const lines = options.messages.map((one) => messageLine(one, { now, raw }));
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
      return [...inside, ...options.after(shown)]
        .map((line) => `${line}\n`).join("");
    },
  };
}

function jsonList({ messages, around }: PageOptions): Fittable {
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
