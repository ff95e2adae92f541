import { lazily } from "../text_rules/lazily.ts";
import { SEED_WORDS } from "./seed_words.ts";

/** The shortest recovery phrase (BIP 39). */
const FEWEST = 12;
/** Twelve drawn words hold fewer different ones in one phrase of a billion; a word that is repeated is no phrase. */
const FEWEST_DIFFERENT = 9;
/** Words of three to eight letters with numbers or signs between them, but no sentence's end. */
const RUN = /(?:\b[a-z]{3,8}\b[\s,;|"'\d.)\]:-]{1,8}){11,60}[a-z]{3,8}\b/g;

const seedWords = lazily(() => new Set(SEED_WORDS.trim().split(/\s+/)));

/** Where twelve words or more of a wallet's recovery phrase follow each other, or null. No prose has so many in a row. */
export function findSeedPhrase(text: string): number | null {
  for (const run of text.matchAll(RUN)) {
    const words = seedWords();
    let last: RegExpExecArray[] = [];
    for (const word of run[0].matchAll(/[a-z]+/g)) {
      last = words.has(word[0]) ? [...last.slice(1 - FEWEST), word] : [];
      const different = new Set(last.map(([one]) => one)).size;
      if (last.length === FEWEST && different >= FEWEST_DIFFERENT) {
        return run.index + (last[0]?.index ?? 0);
      }
    }
  }
  return null;
}
