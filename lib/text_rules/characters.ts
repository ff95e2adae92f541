import { lazily } from "./lazily.ts";

/** A kind of character that steers a reader's terminal or eye instead of being read. */
export type RefusedKind =
  | "a control character"
  | "a character that changes the direction of text"
  | "an invisible character"
  | "a tag character"
  | "half a character"
  | "more marks on a letter than any script has"
  | "a character that no text should hold";

interface Range {
  readonly from: number;
  readonly to: number;
  readonly kind: RefusedKind;
}

const CONTROL = "a control character";
const BIDI = "a character that changes the direction of text";
const INVISIBLE = "an invisible character";
const TAG = "a tag character";
const UNFIT = "a character that no text should hold";

/**
 * Every refused character, by code point. The joiners U+200C and U+200D are among them: Persian and emoji sequences
 * lose a little, a name can't hide what it says. Sources: Unicode 16, chapters 2.14 (controls), 23.2 to 23.9 (layout,
 * deprecated, variation, noncharacters, tags) and its property Default_Ignorable_Code_Point; UAX #9 for direction; and
 * what is drawn as nothing without that property: U+1107F, U+13430 to U+1343F, U+16FE4, U+1D159, U+2800.
 */
const RANGES: readonly Range[] = [
  { from: 0x0000, to: 0x001f, kind: CONTROL },
  { from: 0x007f, to: 0x009f, kind: CONTROL },
  { from: 0x00ad, to: 0x00ad, kind: INVISIBLE },
  { from: 0x034f, to: 0x034f, kind: INVISIBLE },
  { from: 0x061c, to: 0x061c, kind: BIDI },
  { from: 0x115f, to: 0x1160, kind: INVISIBLE },
  { from: 0x17b4, to: 0x17b5, kind: INVISIBLE },
  { from: 0x180b, to: 0x180f, kind: INVISIBLE },
  { from: 0x200b, to: 0x200d, kind: INVISIBLE },
  { from: 0x200e, to: 0x200f, kind: BIDI },
  { from: 0x2028, to: 0x2029, kind: CONTROL },
  { from: 0x202a, to: 0x202e, kind: BIDI },
  { from: 0x2060, to: 0x2065, kind: INVISIBLE },
  { from: 0x2066, to: 0x2069, kind: BIDI },
  { from: 0x206a, to: 0x206f, kind: INVISIBLE },
  { from: 0x2800, to: 0x2800, kind: INVISIBLE },
  { from: 0x3164, to: 0x3164, kind: INVISIBLE },
  { from: 0xd800, to: 0xdfff, kind: "half a character" },
  { from: 0xfdd0, to: 0xfdef, kind: UNFIT },
  { from: 0xfe00, to: 0xfe0f, kind: INVISIBLE },
  { from: 0xfeff, to: 0xfeff, kind: INVISIBLE },
  { from: 0xffa0, to: 0xffa0, kind: INVISIBLE },
  { from: 0xfff0, to: 0xfffb, kind: INVISIBLE },
  { from: 0xfffe, to: 0xffff, kind: UNFIT },
  { from: 0x1107f, to: 0x1107f, kind: INVISIBLE },
  { from: 0x13430, to: 0x1343f, kind: INVISIBLE },
  { from: 0x16fe4, to: 0x16fe4, kind: INVISIBLE },
  { from: 0x1bca0, to: 0x1bca3, kind: INVISIBLE },
  { from: 0x1d159, to: 0x1d159, kind: INVISIBLE },
  { from: 0x1d173, to: 0x1d17a, kind: INVISIBLE },
  { from: 0xe0000, to: 0xe007f, kind: TAG },
  { from: 0xe0080, to: 0xe0fff, kind: INVISIBLE },
];

/** What kind of refused character a code point is, or null for one that may be shown. */
export function refusedKind(codePoint: number): RefusedKind | null {
  if (codePoint > 0x1f && codePoint < 0x7f) return null;
  let low = 0;
  let high = RANGES.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = RANGES[middle] as Range;
    if (codePoint < range.from) high = middle - 1;
    else if (codePoint > range.to) low = middle + 1;
    else return range.kind;
  }
  return null;
}

/** Marks that may follow each other; more pile up over the lines above and below (UTS #39, section 5.4). */
export const MOST_MARKS = 4;

const markPile = lazily(() =>
  new RegExp(`[\\p{Mn}\\p{Me}]{${MOST_MARKS + 1}}`, "u")
);
/** The selector that asks for the coloured form of a sign, behind one that has such a form: keyboards write it. */
const emojiSelector = lazily(() => /(?<=\p{Emoji})\ufe0f/gu);

/** The text without the selectors of emoji forms, which change how a sign looks and not what it says. */
export function withoutEmojiSelectors(text: string): string {
  return text.includes("\ufe0f") ? text.replace(emojiSelector(), "") : text;
}

/**
 * Finds what a display name, topic or tag may not hold: controls (C0, C1, line and paragraph separators), bidi,
 * zero-width and other invisible ones, tags, lone surrogates, piles of marks.
 *
 * @returns the kind of the first one, in words, or null when the text is clean.
 */
export function findRefused(text: string): RefusedKind | null {
  for (const character of withoutEmojiSelectors(text)) {
    const kind = refusedKind(character.codePointAt(0) as number);
    if (kind !== null) return kind;
  }
  return markPile().test(text.normalize("NFC"))
    ? "more marks on a letter than any script has"
    : null;
}

/** Whether a text shows nothing at all: spaces, marks and what has no shape. */
export function isBlank(text: string): boolean {
  return !/[^\p{Z}\p{M}\p{C}]/u.test(text);
}
