/** A list whose text can be made for any number of its items. */
export interface Fittable {
  readonly count: number;
  /** The whole output with the first `shown` items, the last of them cut to `cut` UTF-16 units of its text. */
  render(shown: number, cut?: number): string;
  /** Length of an item's text in UTF-16 units, by its place. */
  textLength(place: number): number;
}

export interface Fitted {
  readonly text: string;
  /** How many items stand in it; the last may be cut. */
  readonly shown: number;
}

/** A cut shows at least this much of a text. */
const LEAST_CUT = 16;

/**
 * The longest output of at most so many UTF-8 bytes: whole items while they fit, then one that is cut.
 *
 * @returns null where not even one cut item fits, or, of a list without items, what stands around them.
 */
export function fitBytes(list: Fittable, most: number): Fitted | null {
  const fits = (text: string) => byteLength(text) <= most;
  const whole = longest(list.count, (count) => fits(list.render(count)));
  if (whole === list.count && (whole > 0 || fits(list.render(0)))) {
    return { text: list.render(whole), shown: whole };
  }
  const cut = longest(
    list.textLength(whole),
    (length) => fits(list.render(whole + 1, length)),
  );
  if (cut >= LEAST_CUT) {
    return { text: list.render(whole + 1, cut), shown: whole + 1 };
  }
  return whole > 0 ? { text: list.render(whole), shown: whole } : null;
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
