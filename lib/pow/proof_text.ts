/**
 * How the solver writes a proof. Any text will do for a relay (protocol.md
 * section 3), so this one is shaped for the hash: the challenge and the lead
 * fill whole 64-byte blocks, and the tail is a last block of its own in which
 * three characters vary, in the word nearest to its end.
 *
 *   challenge ‖ 000…0 LLLLLL ‖ 000…0 (52) TTT
 *   └── whole blocks ───────┘   └ last block ┘
 *
 * Letters, digits, `-` and `_` alone: nothing that JSON would escape.
 */
const ALPHABET =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const CODES = new TextEncoder().encode(ALPHABET);

/** Bytes of a SHA-256 block. */
export const BLOCK_BYTES = 64;
/** Characters of the tail that never vary; they fill words 0 to 12. */
export const TAIL_FILL = 52;
/** Leads there are: six characters of six bits. */
export const LEADS = 2 ** 36;
/** Tails there are: three characters of six bits. */
export const TAILS = 2 ** 18;

const LEAD_CHARS = 6;
const TAIL_CHARS = 3;

/** Length of the lead, 6 to 69, that ends a challenge of so many bytes on a block's edge. */
export function leadLength(challengeBytes: number): number {
  const over = (challengeBytes + LEAD_CHARS) % BLOCK_BYTES;
  return LEAD_CHARS + (over === 0 ? 0 : BLOCK_BYTES - over);
}

/** ASCII code of the character for the lowest six bits of `value`. */
export function charCode(value: number): number {
  return CODES[value & 63] ?? 0;
}

/** The lead number `lead` (below LEADS) for a challenge of so many bytes. */
export function leadText(challengeBytes: number, lead: number): string {
  const filler = leadLength(challengeBytes) - LEAD_CHARS;
  return "0".repeat(filler) + digits(lead, LEAD_CHARS);
}

/** The tail number `tail` (below TAILS): 55 characters. */
export function tailText(tail: number): string {
  return "0".repeat(TAIL_FILL) + digits(tail, TAIL_CHARS);
}

function digits(value: number, count: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < count; i++) {
    text = ALPHABET.charAt(rest % 64) + text;
    rest = Math.floor(rest / 64);
  }
  return text;
}
