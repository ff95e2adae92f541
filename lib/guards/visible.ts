import { refusedKind } from "../text_rules/characters.ts";

/** Whether a text needs a closer look at all: anything outside of printable ASCII. */
const BEYOND_ASCII = /[^\x20-\x7e]/;

/** A code point as a mark that can be read: `‹U+202E›`. */
export function codePointMark(codePoint: number): string {
  return `‹U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}›`;
}

/**
 * A text with every character that steers a terminal or hides from the eye as a mark: controls of C0 and C1, line
 * and paragraph separators, bidi, zero-width, tags, lone surrogates. What it returns is one line.
 */
export function makeVisible(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  let shown = "";
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number;
    shown += refusedKind(codePoint) === null
      ? character
      : codePointMark(codePoint);
  }
  return shown;
}

/** JSON of a value in which every such character is an escape: the same value when it is parsed, no raw control byte. */
export function visibleJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!BEYOND_ASCII.test(json)) return json;
  let shown = "";
  for (const character of json) {
    const codePoint = character.codePointAt(0) as number;
    shown += refusedKind(codePoint) === null ? character : escaped(character);
  }
  return shown;
}

/** A character as `\uXXXX`, once for each UTF-16 unit. */
function escaped(character: string): string {
  let text = "";
  for (let i = 0; i < character.length; i++) {
    const unit = character.charCodeAt(i);
    text += `\\u${unit.toString(16).padStart(4, "0")}`;
  }
  return text;
}
