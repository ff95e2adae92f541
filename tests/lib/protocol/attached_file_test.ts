import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  attachedFile,
  FILE,
  harmlessName,
} from "../../../lib/protocol/attached_file.ts";
import { utf8Bytes } from "../../../lib/protocol/names.ts";

const sha256 = "ab".repeat(32);

Deno.test("harmlessName leaves a name, and no path, nor what steers a terminal", () => {
  const cases: readonly [string, string][] = [
    ["report.pdf", "report.pdf"],
    ["/home/ada/report.pdf", "report.pdf"],
    ["../../etc/passwd", "passwd"],
    ["..\\..\\boot.ini", "boot.ini"],
    ["folder/", "folder"],
    ["..", "file"],
    ["../..", "file"],
    ["", "file"],
    [" . ", "file"],
    ["a\u001b[2Jb\nc", "a_[2Jb_c"],
    ["gpj.\u202eexe", "gpj._exe"],
    ["half \ud800", "half _"],
    ["zero\u200bwidth", "zero_width"],
    ["Grüße 1.txt", "Grüße 1.txt"],
    [".env", ".env"],
  ];
  for (const [path, name] of cases) strictEqual(harmlessName(path), name);
});

Deno.test("harmlessName bounds a name to 255 bytes, at a character", () => {
  strictEqual(harmlessName("n".repeat(255)), "n".repeat(255));
  const long = harmlessName("ü".repeat(200));
  ok(utf8Bytes(long) <= FILE.nameBytes);
  strictEqual(long, "ü".repeat(127));
});

Deno.test("attachedFile takes a file's field, made harmless", () => {
  const field = { name: "../x\u0007", size: 3, sha256, until: 5, more: 1 };
  deepStrictEqual(attachedFile(field), {
    ...{ name: "x_", size: 3, sha256, until: 5 },
  });
  const { until: _, ...rest } = field;
  deepStrictEqual(attachedFile(rest), { name: "x_", size: 3, sha256 });
});

Deno.test("attachedFile takes nothing else", () => {
  const good = { name: "x", size: 3, sha256 };
  for (
    const value of [
      ...[undefined, null, "x", 3, [], {}],
      { ...good, name: 1 },
      { ...good, name: "n".repeat(2_000) },
      { ...good, size: -1 },
      { ...good, size: 1.5 },
      { ...good, size: FILE.bytes + 1 },
      { ...good, sha256: sha256.toUpperCase() },
      { ...good, sha256: "ab" },
    ]
  ) strictEqual(attachedFile(value), undefined);
});
