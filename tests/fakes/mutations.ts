import fc from "fast-check";

const JUNK = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "\\ud800",
  "\0",
  "\u2028",
  "-0",
  "1e999",
  "null",
  "__proto__",
  '{"a":',
  "漢",
];

/** Damages a text in one to four places: a flip, a cut, a doubled piece, or junk put in. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    kind: fc.constantFrom("flip", "cut", "double", "junk"),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    size: fc.integer({ min: 1, max: 20 }),
    unit: fc.integer({ min: 0, max: 0xffff }),
    junk: fc.constantFrom(...JUNK),
  });
  return fc.tuple(
    fc.constantFrom(...texts),
    fc.array(edit, { minLength: 1, maxLength: 4 }),
  )
    .map(([text, edits]) =>
      edits.reduce((out, { kind, at, size, unit, junk }) => {
        const from = Math.floor(at * out.length);
        const [head, piece, tail] = [
          out.slice(0, from),
          out.slice(from, from + size),
          out.slice(from + size),
        ];
        if (kind === "flip") {
          return head + String.fromCharCode(unit) + out.slice(from + 1);
        }
        if (kind === "cut") return head + tail;
        return kind === "double"
          ? head + piece + piece + tail
          : head + junk + out.slice(from);
      }, text)
    );
}
