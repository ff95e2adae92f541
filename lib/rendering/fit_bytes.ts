/** A list whose output can be made for any number of its items, and with its long texts cut. */
export interface Fittable {
  readonly count: number;
  /** Length of the longest text that may be cut, in UTF-16 units; 0 where none may. */
  readonly longest: number;
  /** The whole output with so many items, texts longer than `head` UTF-16 units cut to that. */
  render(shown: number, head?: number): string;
}

export interface Fitted {
  readonly text: string;
  /** How many items stand in it, cut ones too. */
  readonly shown: number;
}

/** What an output may have where nobody says otherwise, in UTF-8 bytes. */
export const DEFAULT_BYTES = 16_000;

/** A text is cut to no less than this many UTF-16 units while another item could wait instead. */
const LEAST_HEAD = 1_000;
/** The same as a part of a small bound. */
const HEAD_PART = 16;
/** A cut of the only item shows at least this much of it. */
const LEAST_CUT = 16;

/**
 * The longest output of at most so many UTF-8 bytes: all items while they fit, long texts cut to heads of one length
 * if need be, then fewer items.
 *
 * @returns null where not even one cut item fits, or, of a list without items, what stands around them.
 */
export function fitBytes(list: Fittable, most: number): Fitted | null {
  const fits = (shown: number, head?: number) =>
    byteLength(list.render(shown, head)) <= most;
  if (fits(list.count)) {
    return { text: list.render(list.count), shown: list.count };
  }
  if (list.count === 0) return null;
  if (list.longest === 0) {
    const shown = longest(list.count, (count) => fits(count));
    return shown === 0 ? null : { text: list.render(shown), shown };
  }
  const least = Math.max(
    LEAST_CUT,
    Math.min(LEAST_HEAD, Math.floor(most / HEAD_PART)),
  );
  const shown = longest(list.count, (count) => fits(count, least));
  const items = Math.max(1, shown);
  const floor = shown > 0 ? least : LEAST_CUT;
  const head = longest(list.longest, (length) => fits(items, length));
  return head < Math.min(floor, list.longest)
    ? null
    : { text: list.render(items, head), shown: items };
}

/** The largest of 0 to `most` for which `holds`, which holds for all below one that it holds for. */
function longest(most: number, holds: (count: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Length in UTF-8 bytes. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The start of a text, without half a character at its end. */
export function cutText(text: string, units: number): string {
  const last = text.charCodeAt(units - 1);
  const half = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, half ? units - 1 : units);
}
