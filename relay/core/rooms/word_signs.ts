/** Bits for each room: a name and a topic have some 300 beginnings, of which each sets two. */
const BITS = 4_096;
const SHIFT = 32 - Math.log2(BITS);

/** The two bits that stand for a text. */
export type Sign = readonly [number, number];

/**
 * The beginnings of some words as bits (a Bloom filter): says quickly, and never wrongly, that none of the words
 * begins so; of those that it lets pass, a few in a hundred don't.
 */
export class WordSigns {
  readonly #bits = new Uint32Array(BITS / 32);

  constructor(words: readonly string[]) {
    for (const word of words) {
      let hash = START;
      for (let i = 0; i < word.length; i++) {
        hash = next(hash, word.charCodeAt(i));
        for (const bit of bitsOf(hash)) this.#set(bit);
      }
    }
  }

  mayBegin([first, second]: Sign): boolean {
    return this.#has(first) && this.#has(second);
  }

  #set(bit: number): void {
    this.#bits[bit >> 5] = (this.#bits[bit >> 5] ?? 0) | (1 << (bit & 31));
  }

  #has(bit: number): boolean {
    return ((this.#bits[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }
}

/** What {@link WordSigns.mayBegin} is asked with. */
export function signOf(text: string): Sign {
  let hash = START;
  for (let i = 0; i < text.length; i++) hash = next(hash, text.charCodeAt(i));
  return bitsOf(hash);
}

/** FNV-1a, 32 bits, over UTF-16 units. */
const START = 0x811c9dc5;
function next(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

function bitsOf(hash: number): Sign {
  return [
    Math.imul(hash, 0x9e3779b1) >>> SHIFT,
    Math.imul(hash, 0x85ebca6b) >>> SHIFT,
  ];
}
