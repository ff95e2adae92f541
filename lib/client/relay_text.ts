/** Longest text of a relay that enters an error or a reason, in code points. */
const LONGEST = 200;

/** Control, format (bidi included), line and paragraph separators, surrogates alone. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A relay's text made fit for an error or a log: what could steer a terminal becomes U+FFFD, and it is cut to 200
 * characters. A relay is not trusted.
 */
export function relayText(text: string): string {
  const bounded = text.slice(0, 2 * LONGEST);
  const shown = [...bounded.replace(UNSHOWABLE, "\ufffd")];
  return shown.length <= LONGEST
    ? shown.join("")
    : shown.slice(0, LONGEST - 1).join("") + "…";
}
