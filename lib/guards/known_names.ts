import { refusedKind } from "../text_rules/characters.ts";

/** A name that the user pinned to a key. */
export interface KnownName {
  /** The agent id. */
  readonly id: string;
  readonly name: string;
}

/**
 * Characters that pass for a letter of a-z, by that letter. A part of the table of Unicode TR 39, section 4
 * (confusables.txt), taken for the scripts of which whole names are faked, with the digits and signs of leetspeak added.
 * What compatibility forms (NFKC) and marks hide is not here: {@link nameSkeleton} takes those away first. I, l, 1 and
 * | are one letter.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: "аɑαΑꭺᎪ@4",
  b: "вьЬъƄβΒᏴ8ß",
  c: "сϲςᏟⅽ",
  d: "ԁđɗᎠ",
  e: "еєзэɛεΕᎬə3",
  f: "ƒϝ",
  g: "ɡցԍᏀ",
  h: "нһհħΗᎻ",
  j: "јյʝᎫϳ",
  k: "кκΚᏦ",
  l: "iıіӏɩɪιΙᏞłƖ1|!lǀ",
  m: "мΜᎷ",
  n: "пոηΝпɴ",
  o: "оοΟօσøө0ՕⲟᎾ",
  p: "рρΡᏢþ",
  q: "ԛզ",
  r: "гᎡɼ",
  s: "ѕЅᏚ5$ꜱ",
  t: "тτΤᎢŧ",
  u: "υսʋµμ",
  v: "νѵᏙ",
  w: "ԝωѡшᎳ",
  x: "хχΧ",
  y: "уүγΥýʏ",
  z: "ᴢΖᏃƶ2",
};

const LETTER_OF = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([letter, alike]) =>
    [...alike].flatMap((one) => [[one, letter], [one.toLowerCase(), letter]])
  ) as [string, string][],
);

/** Marks that sit on letters, and everything that is neither letter nor number: no eye keeps names apart by them. */
const DECORATION = /[\p{M}\p{P}\p{S}\p{Z}\p{C}]/gu;

/** Two letters that read as one. */
const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/æ/g, "ae"],
  [/œ/g, "oe"],
];

/**
 * What the eye keeps of a name: two names with the same skeleton can be taken for each other. Compatibility forms,
 * case, marks, spaces, signs and what nobody sees are taken away, and look-alikes of other scripts become the letter
 * that they look like. Not a name: never shown.
 */
export function nameSkeleton(name: string): string {
  const seen = [...name].filter((one) =>
    refusedKind(one.codePointAt(0) as number) === null
  ).join("").normalize("NFKD");
  const letters = [...seen].map((one) =>
    LETTER_OF.get(one) ?? LETTER_OF.get(one.toLowerCase()) ?? one
  ).join("").toLowerCase().replace(DECORATION, "");
  const plain = PAIRS.reduce(
    (text, [pair, one]) => text.replace(pair, one),
    [
      ...letters,
    ].map((one) => LETTER_OF.get(one) ?? one).join(""),
  );
  return plain === "" ? seen.replace(/\s/g, "") : plain;
}

/** Names that the user pinned, to tell when another goes by one of them. */
export class KnownNames {
  readonly #bySkeleton = new Map<string, KnownName[]>();

  constructor(known: readonly KnownName[]) {
    for (const one of known) {
      const skeleton = nameSkeleton(one.name);
      const alike = this.#bySkeleton.get(skeleton) ?? [];
      this.#bySkeleton.set(skeleton, [...alike, one]);
    }
  }

  /** The known name that an agent's name is or can be taken for, though it is another's; null where there is none. */
  conflictOf({ id, name }: KnownName): string | null {
    if (this.#bySkeleton.size === 0 || name === "") return null;
    const alike = this.#bySkeleton.get(nameSkeleton(name)) ?? [];
    if (alike.some((one) => one.id === id)) return null;
    return alike[0]?.name ?? null;
  }
}
