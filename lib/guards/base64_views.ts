import { plainView, type TextView } from "./text_view.ts";

/** Runs shorter than this hold fewer than 15 bytes: no secret with its prefix. */
const RUN = /[A-Za-z0-9+/_-]{20,}/g;

/** A view of decoded base64. All of it points to where the run begins. */
export interface DecodedView extends TextView {
  /** True when it reads as text: only then do words such as "password" mean anything. */
  readonly readable: boolean;
}

/**
 * What the base64 in a text holds, one layer deep, standard and URL-safe. A run may begin with characters of its
 * surroundings (`/` of a path, a word before a dash), so each is read at all four offsets. Together the views hold
 * at most three times the text.
 */
export function* base64Views(view: TextView): Generator<DecodedView> {
  for (const run of view.text.matchAll(RUN)) {
    const origin = view.origin(run.index);
    for (let offset = 0; offset < 4; offset++) {
      const decoded = decode(run[0].slice(offset));
      const readable = isReadable(decoded);
      yield { ...plainView(decoded), origin: () => origin, readable };
    }
  }
}

/** The bytes as Latin-1; UTF-16 of plain characters (PowerShell's `-EncodedCommand`) as those characters. */
function decode(run: string): string {
  const base64 = run.replaceAll("-", "+").replaceAll("_", "/");
  const whole = base64.length % 4 === 1 ? base64.slice(0, -1) : base64;
  const bytes = atob(whole);
  const zeros = bytes.split("\0").length - 1;
  return zeros > bytes.length / 3 ? bytes.replaceAll("\0", "") : bytes;
}

function isReadable(text: string): boolean {
  const odd = text.match(/[^\t\n\r\x20-\x7e]/g)?.length ?? 0;
  return odd <= text.length / 20;
}
