import assert from "node:assert/strict";
import fc from "fast-check";
import { KnownNames, nameSkeleton } from "../../../lib/guards/known_names.ts";

const ADA = "8NYU1dXeQzKcR6v3mWbT7sPjA2fHgD5kLtEoNiYxCuVq";
const EVE = "5hRk2mVqXcT8wLpZ7yNfJb3sGdA6uEoKtQiWxYvCzHjM";

/** Names that a reader can take for the one before them. */
const ALIKE: readonly (readonly [string, readonly string[]])[] = [
  ["Ada", [
    "ada",
    "ADA",
    "аda", // Cyrillic а
    "Αda", // Greek Α
    "ａｄａ", // full width
    "𝐀𝐝𝐚", // mathematical bold
    "ádà",
    "a\u200bda",
    "a\u202eda",
    "ada\u0336",
    " ada ",
    "a_d-a",
    "4d4",
    "@da",
    "ꓮda".replace("ꓮ", "Ꭺ"), // Cherokee
    "ⓐⓓⓐ",
  ]],
  ["paypal", ["раураl", "PayPaI", "paypa1", "pаypal", "pay pal", "ρayρal"]],
  ["moderator", ["rnoderator", "m0derator", "MODERAT0R", "мodеrаtоr"]],
  ["william", ["vvilliam", "w1ll1am", "WILLIAM", "wiIIiam", "ｗilliam"]],
  ["grace", ["ɢʀᴀᴄᴇ", "🄶🅁🄰🄲🄴", "🅶🆁🅰🅲🅴", "ⓖⓡⓐⓒⓔ", "🇬🇷🇦🇨🇪", "ǤⱤȺȻɆ"]],
  ["bob", [
    "ꓐꓳꓐ",
    "ʙᴏʙ",
    "ⲂⲞⲂ",
    "βοβ",
    "ᏴᎾᏴ",
    "ƁØƁ",
    "ⓑⓞⓑ",
    "฿Θ฿",
  ]],
  ["maria", ["мαяια", "ᴍᴀʀɪᴀ", "ꓟꓮꓣꓲꓮ", "Ⲙⲁrⲓⲁ", "rnaria", "ɱɐɹıɐ"]],
  ["bob.smith", ["bobsmith", "b0b_5mith", "Воb Smith", "808.smith"]],
];

Deno.test("nameSkeleton: names that read alike have one", () => {
  for (const [name, alikes] of ALIKE) {
    for (const alike of alikes) {
      assert.equal(nameSkeleton(alike), nameSkeleton(name), `${name} ${alike}`);
    }
  }
});

Deno.test("nameSkeleton: other names have others", () => {
  const names = [
    "ada",
    "bob",
    "eve",
    "adam",
    "ad",
    "agent-1",
    "agent-7",
    "漢字",
  ];
  assert.equal(new Set(names.map(nameSkeleton)).size, names.length);
  assert.notEqual(nameSkeleton("🦊"), nameSkeleton("🐙"));
});

Deno.test("nameSkeleton: whatever the name, once is enough, and case and blanks change nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 64 }), (name) => {
      const skeleton = nameSkeleton(name);
      assert.equal(nameSkeleton(skeleton), skeleton);
      assert.equal(nameSkeleton(` ${name} `), skeleton);
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 64 }), (name) => {
      assert.equal(nameSkeleton(name.toUpperCase()), nameSkeleton(name));
    }),
  );
});

Deno.test("KnownNames: a known name under another key, and one that looks like it", () => {
  const known = new KnownNames([{ id: ADA, name: "Ada" }]);
  for (const name of ["Ada", "ada", "аdа", "A-D-A"]) {
    assert.equal(known.conflictOf({ id: EVE, name }), "Ada", name);
    assert.equal(known.conflictOf({ id: ADA, name }), null, name);
  }
  assert.equal(known.conflictOf({ id: EVE, name: "eve" }), null);
  assert.equal(known.conflictOf({ id: EVE, name: "" }), null);
});

Deno.test("KnownNames: one name pinned to two keys is both's", () => {
  const known = new KnownNames([{ id: ADA, name: "ada" }, {
    id: EVE,
    name: "ADA",
  }]);
  assert.equal(known.conflictOf({ id: EVE, name: "ada" }), null);
  const other = ADA.replace("8", "9");
  assert.equal(known.conflictOf({ id: other, name: "ada" }), "ada");
});

Deno.test("nameSkeleton: every letter of a-z is told through capitals, squares and circles of Unicode", () => {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const from = (first: number) =>
    letters.map((_, i) => String.fromCodePoint(first + i));
  for (
    const first of [
      0x1f110,
      0x1f130,
      0x1f150,
      0x1f170,
      0x1f1e6,
      0x24b6,
      0x24d0,
      0xff21,
      0x1d400,
    ]
  ) {
    from(first).forEach((one, i) => {
      assert.equal(
        nameSkeleton(`x${one}`),
        nameSkeleton(`x${letters[i]}`),
        `${first.toString(16)} ${one}`,
      );
    });
  }
});

Deno.test("nameSkeleton: names in other scripts stay apart from each other", () => {
  const names = [
    "Иван",
    "Игорь",
    "Мария",
    "田中",
    "佐藤",
    "محمد",
    "أحمد",
    "שרה",
    "דוד",
    "สมชาย",
    "Ολγα",
    "Νικος",
    "김민준",
    "이서연",
  ];
  assert.equal(new Set(names.map(nameSkeleton)).size, names.length);
});
