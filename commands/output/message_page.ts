import { Failure } from "../../lib/errors.ts";
import {
  byteLength,
  fitBytes,
  type Fittable,
  type Fitted,
} from "../../lib/rendering/fit_bytes.ts";
import {
  jsonList,
  type MessageList,
  textList,
} from "../../lib/rendering/message_list.ts";
import type { CliContext } from "../cli/cli_context.ts";

/** Messages and how they are shown. */
export interface PageOptions extends MessageList {
  /** Largest output in bytes; no bound without it. */
  readonly maxBytes?: number | undefined;
  readonly json?: boolean | undefined;
  /** The JSON around the messages that are shown. */
  readonly around: (messages: readonly object[]) => object;
}

/**
 * Writes messages: inside a fence, a line each, or as JSON; never more than `maxBytes` in all.
 *
 * @returns how many were written, the last one perhaps cut.
 * @throws {Failure} USAGE where not even one fits, or our own lines alone don't; nothing is written then.
 */
export function writeMessages(
  context: CliContext,
  options: PageOptions,
): number {
  const list = options.json
    ? jsonList(options.messages, options.around)
    : textList(context, options);
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
      reason: list.count === 0
        ? `what there is to say does not fit into ${maxBytes} bytes`
        : `not one message fits into ${maxBytes} bytes`,
      fix: `give at least --max-bytes ${least}`,
    },
  });
}
