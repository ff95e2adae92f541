// Writes the kept table of characters that look alike, lib/guards/look_alikes.ts, from two of Unicode's own files:
//   deno run --allow-read --allow-write=lib/guards scripts/confusables.ts confusables.txt UnicodeData.txt
// Both lie at unicode.org/Public: security/<version>/confusables.txt (UTS #39) and <version>/ucd/UnicodeData.txt.

const TABLE = new URL("../lib/guards/look_alikes.ts", import.meta.url);
const WIDTH = 116;

/** Letters that UTS #39 keeps apart and a reader of a-z does not: by the names of characters. */
const LATIN =
  /^LATIN (?:(?:SMALL|CAPITAL) LETTER|LETTER|SUBSCRIPT SMALL LETTER)(?! TURNED [MW])(?: (?!WITH)[A-Z-]+){0,3}? ([A-Z])(?: WITH .*| ROTUNDA)?$/;
const BOXED =
  /^(?:CROSSED |NEGATIVE |RAISED |OUTLINED ){0,2}(?:SQUARED|CIRCLED|PARENTHESIZED|REGIONAL INDICATOR|OUTLINED)(?: ITALIC)?(?: LATIN CAPITAL| LATIN SMALL| SYMBOL)? LETTER ([A-Z])$/;
/** Coptic letters by the Latin ones that they look like: they came from Greek. */
const COPTIC: Readonly<Record<string, string>> = {
  ...{ ALFA: "a", VIDA: "b", EIE: "e", ZATA: "z", HATE: "h", IAUDA: "i" },
  ...{ KAPA: "k", MI: "m", NI: "n", O: "o", RO: "p", SIMA: "c", TAU: "t" },
  ...{ UA: "y", KHI: "x", FAI: "q", OOU: "w", SHEI: "w" },
};

/** The letter that a character stands for by its name, or null. */
function letterOf(name: string): string | null {
  const coptic = /^(?:OLD )?COPTIC (?:SMALL|CAPITAL) LETTER (\w+)$/.exec(name);
  if (coptic !== null) return COPTIC[coptic[1] ?? ""] ?? null;
  return (LATIN.exec(name) ?? BOXED.exec(name))?.[1]?.toLowerCase() ?? null;
}

const text = (points: string) =>
  String.fromCodePoint(
    ...points.trim().split(" ").map((one) => parseInt(one, 16)),
  );

function confusables(file: string): Map<string, string> {
  const lines = file.split("\n").map((line) => line.replace(/#.*/, ""));
  const rows = lines.filter((line) => line.includes(";"))
    .map((line) => line.split(";"));
  return new Map(
    rows.map(([from = "", to = ""]) => [text(from), text(to)]),
  );
}

function byName(file: string): Map<string, string> {
  const rows = file.split("\n").map((line) => line.split(";"));
  return new Map(rows.flatMap(([point = "", name = ""]) => {
    const letter = letterOf(name);
    return letter === null ? [] : [[text(point), letter] as const];
  }));
}

const [confusableFile = "", nameFile = ""] = Deno.args;
const all = new Map([
  ...byName(await Deno.readTextFile(nameFile)),
  ...confusables(await Deno.readTextFile(confusableFile)),
]);
const groups = new Map<string, string>();
for (const [from, to] of all) {
  // ASCII is for the reader of the table; marks and signs are no part of what a name is kept by.
  if (from.charCodeAt(0) < 0x80 || /[^\p{L}\p{N}\p{So}]/u.test(from)) continue;
  const kept = to.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");
  if (kept === "" || kept === from.normalize("NFKD")) continue;
  groups.set(kept, (groups.get(kept) ?? "") + from);
}
const words = [...groups].sort().map(([to, from]) => `${to}=${from}`);
const lines = [""];
for (const word of words) {
  const last = lines[lines.length - 1] as string;
  if (last === "") lines[lines.length - 1] = word;
  else if (last.length + 1 + word.length <= WIDTH) {
    lines[lines.length - 1] = `${last} ${word}`;
  } else lines.push(word);
}
await Deno.writeTextFile(
  TABLE,
  `// Written by scripts/confusables.ts from Unicode's confusables.txt (UTS #39) and the names in UnicodeData.txt.

/** What looks like what: \`a=аɑα\`, one such word after the other. */
export const LOOK_ALIKES = \`
${lines.join("\n")}
\`;
`,
);
