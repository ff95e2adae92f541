/** A text without case and accents, as the mailbox's index of words has it. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The words that are looked for, as they were given. */
export function soughtWords(words: string): readonly string[] {
  return words.split(/\s+/).filter((word) => word !== "");
}

/** Whether a text holds all the words, in any case and with or without accents, also inside longer ones. */
export function wordMatch(words: string): (text: string) => boolean {
  const sought = soughtWords(words).map(folded);
  return (text) => {
    const whole = folded(text);
    return sought.every((word) => whole.includes(word));
  };
}
