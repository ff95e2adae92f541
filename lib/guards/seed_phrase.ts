import { SEED_WORDS } from "./seed_words.ts";

/** The shortest recovery phrase (BIP 39). */
const FEWEST = 12;
/** Words of three to eight letters with numbers or signs between them, but no sentence's end. */
const RUN = /(?:\b[a-z]{3,8}\b[\s,;|"'\d.)\]:-]{1,8}){11,60}[a-z]{3,8}\b/g;

let words: ReadonlySet<string> | undefined;

/** Where twelve words or more of a wallet's recovery phrase follow each other, or null. No prose has so many in a row. */
export function findSeedPhrase(text: string): number | null {
  for (const run of text.matchAll(RUN)) {
    words ??= new Set(SEED_WORDS.trim().split(/\s+/));
    let inARow = 0;
    let begin = 0;
    for (const word of run[0].matchAll(/[a-z]+/g)) {
      if (!words.has(word[0])) inARow = 0;
      else if (inARow++ === 0) begin = run.index + word.index;
      if (inARow === FEWEST) return begin;
    }
  }
  return null;
}
