import type { CallToolResult } from "@modelcontextprotocol/sdk/types";
import { Failure } from "../lib/errors.ts";
import type { Digest } from "../lib/local_api/types/digest.ts";
import { DIGEST_BYTES, digestList } from "../lib/rendering/digest_text.ts";
import { fitBytes } from "../lib/rendering/fit_bytes.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { type LineList, lineList } from "../lib/rendering/line_list.ts";
import { type MessageList, textList } from "../lib/rendering/message_list.ts";
import type { ToolContext } from "./tool_context.ts";

/** A result with a text of our own, or of others inside a fence. */
export function textResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

/** Runs the body of a tool: what it throws becomes a result that says what to do next. */
export async function resultOf(
  body: () => Promise<CallToolResult>,
): Promise<CallToolResult> {
  try {
    return await body();
  } catch (thrown) {
    const failure = Failure.from(thrown);
    const text = `${failure.code}: ${failureLine(failure)}`;
    return { ...textResult(text), isError: true };
  }
}

/** A result and how many of its items stand in it. */
export interface Shown {
  readonly result: CallToolResult;
  readonly shown: number;
}

/**
 * Messages inside a fence, in at most `maxBytes` bytes.
 *
 * @throws {Failure} USAGE where not even one fits.
 */
export function messagesResult(
  context: ToolContext,
  list: MessageList,
  maxBytes: number,
): Shown {
  const fitted = fitBytes(textList(context, list), maxBytes);
  if (fitted === null) {
    throw new Failure("USAGE", {
      fields: {
        reason: `not one message fits into ${maxBytes} bytes`,
        fix: "raise max_bytes",
      },
    });
  }
  return { result: textResult(fitted.text), shown: fitted.shown };
}

/** What messages come to, in few words. */
export function digestResult(
  context: ToolContext,
  digest: Digest,
): CallToolResult {
  const list = digestList(context, digest, "the tools messages and history");
  const fitted = fitBytes(list, DIGEST_BYTES);
  return textResult(fitted?.text ?? list.render(0));
}

/** Lines that hold text of others, as many as fit into `maxBytes` bytes, inside a fence. */
export function linesResult(
  context: ToolContext,
  { lines, after }: Pick<LineList, "lines" | "after">,
  maxBytes: number,
): CallToolResult {
  const list = lineList(context, { lines, after, fenced: true });
  return textResult(fitBytes(list, maxBytes)?.text ?? list.render(0));
}

/** The line under a list that was cut: how many are missing, and what shows them. */
export function cutNote(missing: number): readonly string[] {
  return missing > 0 ? [`${missing} more did not fit: raise max_bytes`] : [];
}
