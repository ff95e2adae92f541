import {
  jsonList,
  type MessageList,
  textList,
} from "../../lib/rendering/message_list.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { type Bound, fitted } from "./bounded.ts";

/** Messages and how they are shown. */
export interface PageOptions extends MessageList, Bound {
  /** The JSON around the messages that are shown. */
  readonly around: (messages: readonly object[]) => object;
}

/**
 * Writes messages: inside a fence, a line each, or as JSON; never more than the bound allows.
 *
 * @returns how many were written, the last one perhaps cut.
 * @throws {Failure} USAGE where not even one fits, or our own lines alone don't; nothing is written then.
 */
export function writeMessages(
  context: CliContext,
  options: PageOptions,
): number {
  const list = options.json
    ? jsonList(options, options.around)
    : textList(context, options);
  const { text, shown } = fitted(list, options);
  context.stdout.write(text);
  return shown;
}
