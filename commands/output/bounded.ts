import { Failure } from "../../lib/errors.ts";
import {
  byteLength,
  DEFAULT_BYTES,
  fitBytes,
  type Fittable,
  type Fitted,
} from "../../lib/rendering/fit_bytes.ts";
import { type LineList, lineList } from "../../lib/rendering/line_list.ts";
import { visibleJson } from "../../lib/guards/visible.ts";
import type { CliContext } from "../cli/cli_context.ts";

/** How large an output may be. */
export interface Bound {
  readonly json?: boolean | undefined;
  /** Bytes; 0 for no bound. Without it text has the usual bound and JSON, which is data for programs, none. */
  readonly maxBytes?: number | undefined;
}

/** The most bytes of an output; Infinity for no bound. */
export function mostBytes({ json = false, maxBytes }: Bound): number {
  const most = maxBytes ?? (json ? 0 : DEFAULT_BYTES);
  return most === 0 ? Infinity : most;
}

/** What fits of a list. @throws {Failure} USAGE where not even one item does, or our own lines alone don't. */
export function fitted(list: Fittable, bound: Bound): Fitted {
  const most = mostBytes(bound);
  const fit = most === Infinity
    ? { text: list.render(list.count), shown: list.count }
    : fitBytes(list, most);
  if (fit !== null) return fit;
  const least = byteLength(list.render(Math.min(1, list.count), 0)) + 64;
  throw new Failure("USAGE", {
    fields: {
      reason: list.count === 0
        ? `what there is to say does not fit into ${most} bytes`
        : `not one item fits into ${most} bytes`,
      fix: `give at least --max-bytes ${least}`,
    },
  });
}

/** A list of a command's answer: as text and as data. */
export interface ListAnswer<Item> extends Omit<LineList, "lines"> {
  readonly items: readonly Item[];
  readonly line: (item: Item) => string;
  /** The JSON around the items that are shown. */
  readonly around: (items: readonly Item[]) => object;
}

/** Writes a list, a line an item or as JSON, and no more of it than the bound allows. */
export function answerList<Item>(
  context: CliContext,
  bound: Bound,
  { items, line, around, ...list }: ListAnswer<Item>,
): void {
  const all = bound.json
    ? {
      count: items.length,
      longest: 0,
      render: (shown: number) =>
        `${visibleJson(around(items.slice(0, shown)))}\n`,
    }
    : lineList(context, { ...list, lines: items.map(line) });
  context.stdout.write(fitted(all, bound).text);
}

/** An answer that is no list, as data and as lines of text. */
export interface LinesAnswer {
  readonly json: object;
  readonly lines: readonly string[];
  /** The command that shows all the lines. */
  readonly all: string;
}

/** Writes an answer: as JSON whole, or as many of its lines as the bound allows. */
export function answerLines(
  context: CliContext,
  bound: Bound,
  { json, lines, all }: LinesAnswer,
): void {
  const list = bound.json
    ? { count: 1, longest: 0, render: () => `${visibleJson(json)}\n` }
    : lineList(context, {
      ...{ lines, fenced: false },
      after: (shown) => restNote(lines.length - shown, all),
    });
  context.stdout.write(fitted(list, bound).text);
}

/** Our line under a list that was cut: how many are missing, and the command that shows them. */
export function restNote(
  missing: number,
  command: string,
): readonly string[] {
  return missing > 0 ? [`${missing} more: ${command}`] : [];
}
