import assert from "node:assert/strict";
import fc from "fast-check";
import { ownName } from "../../../lib/text_rules/own_name.ts";

const ID = "8NYU1dXeQzKcR6v3mWbT7sPjA2fHgD5kLtEoNiYxCuVq";

/** Texts by whether they name an agent of this name. */
const CASES: readonly {
  readonly name: string;
  readonly named: readonly string[];
  readonly not: readonly string[];
}[] = [
  {
    name: "ada",
    named: [
      ...["@ada look", "Ada, look", "ADA!", "hi ada", "and you, ada?"],
      ...["(ada)", '"ada"', "`ada`", "_ada_", "*ada*", "first\nada\nlast"],
      ...["ada's turn", "@ada's turn", "@Ada’s", "d'Ada", "ada: x", "ada."],
      ...["bob,ada please", "well...@ada", "ada--please", "bob/ada: look"],
      ...["＠Ａｄａ", "请ada看一下", "请ada看一下bob@example.org", "ada야"],
    ],
    not: [
      ...["adam", "canada", "ada-bot", "@ada-bot", "@adam", "ada_2", "2ada"],
      ...["ada.example", "@ada.example", "#ada", "adá", ""],
      ...["ada@example.org", "bob@ada.example", "ada+x@example.org"],
      ...["x.ada@example.org", "åsa@ada", "@ada@example.org"],
      ...["https://example.org/@ada", "see (https://ada.example/ada)"],
      ...["/home/ada/x", "~/ada", "./ada/x"],
    ],
  },
  {
    name: "Ada Lovelace",
    named: [
      ...[
        "hey Ada  lovelace!",
        "@AdaLovelace",
        "@ada_lovelace",
        "@Ada Lovelace",
      ],
      ...["ada\nlovelace", "ada-lovelace?"],
    ],
    not: ["ada", "lovelace", "ada, lovelace", "@ada", "ada lovelaces"],
  },
  {
    name: "will",
    named: ["@will come", "will, come?", "hi\n Will: x", "@WILL"],
    not: [
      "Will you come?",
      "where will I go",
      "free will, they say",
      "willing",
    ],
  },
  { name: "42", named: ["@42 hi"], not: ["it is 42", "@421"] },
  { name: "a", named: ["@a hi"], not: ["a cup", "@abc"] },
  { name: "🤖", named: ["@🤖 hi"], not: ["🤖 hi"] },
  { name: "小明", named: ["小明你好", "@小明", "问小明"], not: ["小 明"] },
  {
    name: "Åsa",
    named: ["hej åsa!", "A\u030asa"],
    not: ["Asa", "åsa@example.org"],
  },
  { name: "ΝΙΚΟΣ", named: ["γεια νικος.", "@νικοσ"], not: ["νικοσα"] },
  { name: "Straße", named: ["STRASSE, x"], not: ["strassen"] },
  { name: "c++ bot", named: ["hi C++ bot"], not: ["c bot"] },
  { name: ".*", named: ["@.* hi"], not: ["anything", "@x"] },
  { name: "agent-7", named: ["is agent-7 here?"], not: ["agent-77", "agent"] },
  { name: "agent", named: ["@agent", "agent: go"], not: ["the agent said"] },
  { name: "", named: [], not: ["x @ y", "@"] },
];

for (const { name, named, not } of CASES) {
  Deno.test(`ownName: what names '${name}', and what does not`, () => {
    const names = ownName({ id: ID, name });
    for (const text of named) assert.equal(names(text), true, text);
    for (const text of not) assert.equal(names(text), false, text);
  });
}

Deno.test("ownName: a key after @ is one of at least eight characters, as far as it goes, in its own case", () => {
  const names = ownName({ id: ID, name: "ada" });
  for (
    const text of ["@8NYU1dXe go", "@8NYU1dXeQzKc", `@${ID}`, "(@8NYU1dXe)"]
  ) {
    assert.equal(names(text), true, text);
  }
  for (
    const text of [
      ...["@8NYU1dX", "@8NYU1dXeZZZ", "@8nyu1dxe", "8NYU1dXe", `@${ID}x`],
      "bob@8NYU1dXe",
    ]
  ) {
    assert.equal(names(text), false, text);
  }
});

Deno.test("ownName: a name beside a key is whose the key is", () => {
  const names = ownName({ id: ID, name: "ada" });
  assert.equal(names("@ada·8NYU1dXe ✓"), true);
  assert.equal(names("@ada·5hRk2mVq ✓"), false);
  assert.equal(names("ada·5hRk2mVq said so to ada"), true);
});

Deno.test("ownName: a look-alike is another's name", () => {
  const names = ownName({ id: ID, name: "ada" });
  for (const text of ["@аda", "аda", "@a\u200bda", "@ad\u0430", "@αda"]) {
    assert.equal(names(text), false, text);
  }
});

Deno.test("ownName: any name is found after @ between spaces, and no text breaks it", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
      fc.string({ unit: "binary", maxLength: 200 }),
      (name, text) => {
        const names = ownName({ id: ID, name });
        names(text);
        fc.pre(/^[^\s·@\/~.]+$/.test(name.normalize("NFKC")));
        assert.equal(names(`so @${name} go`), true);
      },
    ),
    // Each name becomes patterns, which take milliseconds.
    { numRuns: 25 },
  );
});
