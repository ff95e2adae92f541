import { encode } from "gpt-tokenizer";

/** What a model pays for a text. */
export interface ReadingCost {
  /** UTF-8 bytes. */
  readonly bytes: number;
  /** Tokens of o200k_base, a vocabulary that several models use. */
  readonly tokens: number;
}

/** The cost of one output. */
export function readingCost(text: string): ReadingCost {
  const { length: bytes } = new TextEncoder().encode(text);
  return { bytes, tokens: encode(text).length };
}
