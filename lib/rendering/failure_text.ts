import { foreignText } from "../guards/fence.ts";

/** Longest part of an error that is shown, in UTF-16 units. */
const LONGEST_PART = 600;

/** An error as one line that says what to do next. */
export function failureLine(
  { message, fix }: { readonly message: string; readonly fix: string },
): string {
  return `${oneLine(message)}; ${oneLine(fix)}`;
}

/** A text as one line without its far end: an error may hold what a relay or a stranger wrote. */
export function oneLine(text: string): string {
  const cut = text.length > LONGEST_PART
    ? `${text.slice(0, LONGEST_PART)}…`
    : text;
  return foreignText(cut);
}
