/** A text as the rules look at it, and the way back from there to the text that was written. */
export interface TextView {
  readonly text: string;
  /** Where, in the text as written, a position of this view comes from. */
  readonly origin: (index: number) => number;
  /** True where something was taken out just before this position, so that words may touch that were apart. */
  readonly isJoint: (index: number) => boolean;
}

/** The text as it was written. */
export function plainView(text: string): TextView {
  return { text, origin: (index) => index, isJoint: () => false };
}

/** A line's end: real ones, and `\n` as two characters of a string in code. */
const LINE_END = String.raw`(?:\r\n|[\n\r\u2028\u2029]|\\r\\n|\\n)`;
/** What a wrapped string may end a line with: a quote, an operator after a space or quote, a backslash. */
const BEFORE = String
  .raw`(?:["'\x60][ \t]{0,8}(?:[+&,\\]|\.\.?)?|[ \t]{1,8}[+&]|[ \t]{0,8}\\)?[ \t]{0,16}`;
/** What may stand before the rest on the next line: indent, quoting, comment, list and line number marks, a quote. */
const AFTER = String
  .raw`[ \t]{0,40}(?:(?:[>|#*]|\/\/(?=[ \t])|[-+.&](?=[ \t"'\x60])|\d{1,3}[.:)|](?=[ \t]))[ \t]{0,16}){0,4}["'\x60]?`;
/** Strings put together on one line: `"a" + "b"`, `'a' . 'b'`, `"a" "b"`, `["a", "b"]`. */
const CONCAT = String
  .raw`["'\x60][ \t]{0,4}(?:\+|\.\.?|&|,)?[ \t]{0,4}["'\x60](?=[^"'\x60])`;
/** Characters that nobody sees: they cut a secret in two for a reader of text alone. */
const UNSEEN = String
  .raw`(?:[\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\ufe00-\ufe0f\ufeff]|\udb40[\udc00-\uddff])`;
const JOINT = `${BEFORE}(?:${LINE_END}${AFTER}){1,4}|${CONCAT}|${UNSEEN}`;

/**
 * The text with its lines put together: line ends, indent, quotes and operators between the parts of a wrapped
 * string taken out. Null when there is nothing to put together.
 */
export function joinedView(text: string): TextView | null {
  const parts: string[] = [];
  const starts: number[] = []; // of each part in the joined text
  const origins: number[] = []; // and in the written one
  let length = 0;
  let from = 0;
  const take = (to: number) => {
    starts.push(length);
    origins.push(from);
    parts.push(text.slice(from, to));
    length += to - from;
  };
  for (const joint of text.matchAll(new RegExp(JOINT, "g"))) {
    take(joint.index);
    from = joint.index + joint[0].length;
  }
  if (from === 0) return null;
  take(text.length);
  const joints = new Set(starts);
  const origin = (index: number) => {
    const part = partAt(starts, index);
    return (origins[part] ?? 0) + index - (starts[part] ?? 0);
  };
  return {
    text: parts.join(""),
    origin,
    isJoint: (index) => joints.has(index),
  };
}

/** The last part that starts at or before `index`. */
function partAt(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
