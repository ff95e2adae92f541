/** Characters that nobody sees (Unicode, Default_Ignorable_Code_Point). */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * What two texts have in common when they say the same words: compatibility forms, case, characters that nobody sees,
 * and how wide the white space is, and whether there is any at the ends, make no difference; every other sign does.
 */
export function sameWords(text: string): string {
  return text.normalize("NFKC").replace(UNSEEN, "").toUpperCase()
    .replace(/\s+/gu, " ").trim();
}
