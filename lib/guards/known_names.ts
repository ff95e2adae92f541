import { lazily } from "../text_rules/lazily.ts";
import { LOOK_ALIKES } from "./look_alikes.ts";
import { refusedKind } from "../text_rules/characters.ts";

/** A name that the user pinned to a key. */
export interface KnownName {
  /** The agent id. */
  readonly id: string;
  readonly name: string;
}

/** What passes for a letter by habit and not by shape, or by a shape that Unicode's table has under another letter. */
const BY_HABIT: Readonly<Record<string, string>> = {
  a: "@4₳",
  b: "8ßъ฿₿",
  c: "ϲς₵¢",
  d: "ժ₫",
  e: "3єэɛε€",
  f: "ƒ₣",
  g: "₲",
  k: "кκĸ₭",
  l: "iıI1|!",
  m: "мΜʍ₥",
  n: "пп₦",
  o: "0",
  p: "þ₱₽",
  s: "5$₴",
  t: "₮₸",
  u: "µμ",
  w: "ωш₩",
  y: "¥",
  z: "2",
};

const habit = lazily(() =>
  new Map(
    Object.entries(BY_HABIT).flatMap(([letter, alike]) =>
      [...alike].map((one) => [one, letter] as const)
    ),
  )
);

const lookAlikes = lazily(() =>
  new Map(
    LOOK_ALIKES.trim().split(/\s+/).flatMap((word) => {
      const sign = word.indexOf("=");
      const shape = word.slice(0, sign);
      return [...word.slice(sign + 1)].map((one) => [one, shape] as const);
    }),
  )
);

/** What a character looks like; the table is read at the first name that is compared. */
const shapeOf = (character: string): string | undefined =>
  lookAlikes().get(character);

/** Marks that sit on letters, and everything that is neither letter nor number: no eye keeps names apart by them. */
const decoration = lazily(() => /[\p{M}\p{P}\p{S}\p{Z}\p{C}]/gu);

/** Two letters that read as one. */
const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/æ/g, "ae"],
  [/œ/g, "oe"],
];
/** A shape can itself look like another: so often it is asked again. */
const MOST_STEPS = 4;

/**
 * What the eye keeps of a name: two names with the same skeleton can be taken for each other (UTS #39, section 4, for
 * readers of a-z). Compatibility forms, case, marks, spaces, signs and what nobody sees are taken away, and what looks
 * like a letter becomes it. Not a name: never shown.
 */
export function nameSkeleton(name: string): string {
  const seen = [...name].filter((one) =>
    refusedKind(one.codePointAt(0) as number) === null
  ).join("").normalize("NFKD");
  let plain = seen;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = simpler(plain);
    if (next === plain) break;
    plain = next;
  }
  return plain === "" ? seen.replace(/\s/g, "") : plain;
}

/** The text one step nearer to the letters that it looks like. */
function simpler(text: string): string {
  const letters = [...text].map(letterOf).join("").normalize("NFKD")
    .toLowerCase().replace(decoration(), "");
  const read = [...letters].map((one) => habit().get(one) ?? one).join("");
  return PAIRS.reduce((all, [pair, one]) => all.replace(pair, one), read);
}

function letterOf(character: string): string {
  const lower = character.toLowerCase();
  return habit().get(character) ?? habit().get(lower) ?? shapeOf(character) ??
    shapeOf(lower) ?? shapeOf(character.toUpperCase()) ?? character;
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
