import { createHash } from "node:crypto";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openMailbox } from "../../../daemon/mailbox/database.ts";
import { FileParts, KEPT_PARTS } from "../../../daemon/mailbox/file_parts.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { type FilePart, PARTS } from "../../../lib/sealed/file_part.ts";
import { openSqlite } from "../../../lib/sql/sql.ts";

const NOW = 1_800_000_000_000;

/** The parts of a file of our making. @param fill tells it from others */
function partsOf(fill: number, count: number): FilePart[] {
  const bytes = Array.from(
    { length: count },
    (_, at) =>
      new Uint8Array(at === count - 1 ? 100 + at : PARTS.bytes)
        .fill(fill + at).map((byte, n) => byte ^ (n + fill)),
  );
  const blob = createHash("sha256").update(joined(...bytes)).digest("hex");
  return bytes.map((one, index) => ({ blob, index, count, bytes: one }));
}

function keyOf({ blob, count }: FilePart) {
  return { blob, parts: count };
}

class Kept {
  readonly database = openMailbox(":memory:", { open: openSqlite, now: NOW })
    .database;
  readonly parts = new FileParts(this.database);

  have(author: string, part: FilePart, now = NOW): number {
    return this.parts.have(author, part.blob, now);
  }

  bytesOf(table = "file_parts"): number {
    const row = this.database.prepare(`SELECT count(*) AS n FROM ${table}`)
      .get();
    return Number(row?.n);
  }
}

Deno.test("FileParts: parts in any order, doubled, are the file", () => {
  const { parts } = new Kept();
  const file = partsOf(1, 4);
  const [a, b, c, d] = file as [FilePart, FilePart, FilePart, FilePart];
  for (const part of [c, a, a, d, c, b, b]) parts.take("ada", part, NOW);
  strictEqual(parts.have("ada", a.blob, NOW), 4);
  deepStrictEqual(
    joined(...parts.pieces("ada", a.blob)),
    joined(...file.map(({ bytes }) => bytes)),
  );
});

Deno.test("FileParts: what is not what its name says is dropped once it is whole, and may come again", () => {
  const kept = new Kept();
  const [a, b] = partsOf(1, 2) as [FilePart, FilePart];
  const bytes = a.bytes.slice();
  bytes[5]! ^= 1;
  kept.parts.take("ada", { ...a, bytes }, NOW);
  kept.parts.take("ada", b, NOW);
  strictEqual(kept.have("ada", a), 0);
  strictEqual(kept.bytesOf(), 0);
  for (const part of [a, b]) kept.parts.take("ada", part, NOW);
  strictEqual(kept.have("ada", a), 2);
});

Deno.test("FileParts: nobody adds to another's file, nor another count to his own", () => {
  const kept = new Kept();
  const [a, b] = partsOf(1, 3) as [FilePart, FilePart];
  kept.parts.take("ada", a, NOW);
  kept.parts.take("eve", { ...b, bytes: a.bytes }, NOW);
  kept.parts.take("ada", { ...b, count: 4 }, NOW);
  strictEqual(kept.have("ada", a), 1);
});

Deno.test("FileParts: what no message names goes after an hour, what one names after 7 days", () => {
  const kept = new Kept();
  const [a] = partsOf(1, 2) as [FilePart];
  const [b] = partsOf(9, 2) as [FilePart];
  for (const part of [a, b]) kept.parts.take("ada", part, NOW);
  kept.parts.named("ada", keyOf(b), NOW);
  kept.parts.named("ada", { blob: a.blob }, NOW);
  const { unnamedMs, keptMs } = KEPT_PARTS;
  strictEqual(kept.have("ada", a, NOW + unnamedMs), 1);
  strictEqual(kept.have("ada", a, NOW + unnamedMs + 1), 0);
  strictEqual(kept.have("ada", b, NOW + keptMs), 1);
  strictEqual(kept.have("ada", b, NOW + keptMs + 1), 0);
  strictEqual(kept.bytesOf() + kept.bytesOf("part_files"), 0);
});

Deno.test("FileParts: a message that came before its parts names them all the same", () => {
  const kept = new Kept();
  const [a] = partsOf(1, 2) as [FilePart];
  kept.parts.named("ada", keyOf(a), NOW);
  kept.parts.take("ada", a, NOW);
  strictEqual(kept.have("ada", a, NOW + KEPT_PARTS.unnamedMs + 1), 1);
});

Deno.test("FileParts: of an author's files the oldest goes, by count and by bytes, and nobody else's", () => {
  const kept = new Kept();
  const [bobs] = partsOf(200, 2) as [FilePart];
  kept.parts.take("bob", bobs, NOW);
  const { authorFiles, authorBytes } = KEPT_PARTS;
  const small = Array.from(
    { length: authorFiles + 1 },
    (_, at) => partsOf(at, 2)[0]!,
  );
  for (const part of small) kept.parts.take("ada", part, NOW);
  strictEqual(kept.have("ada", small[0]!), 0);
  strictEqual(kept.have("ada", small[1]!), 1);
  const large = Array.from(
    { length: authorFiles },
    (_, at) => partsOf(100 + at, 23).slice(0, 22),
  );
  for (const part of large.flat()) kept.parts.take("eve", part, NOW);
  ok(authorFiles * 22 * PARTS.bytes > authorBytes);
  strictEqual(kept.have("eve", large[0]![0]!), 0);
  strictEqual(kept.have("eve", large.at(-1)![0]!), 22);
  strictEqual(kept.have("bob", bobs), 1);
});

Deno.test("FileParts: in all they are bounded, and who has most gives way", () => {
  const kept = new Kept();
  const [bobs] = partsOf(200, 2) as [FilePart];
  kept.parts.take("bob", bobs, NOW);
  for (let n = 0; n < KEPT_PARTS.totalFiles / KEPT_PARTS.authorFiles; n++) {
    for (let at = 0; at < KEPT_PARTS.authorFiles; at++) {
      const [part] = partsOf(n + 3 * at, 1) as [FilePart];
      const blob = `${n * 8 + at}`.padStart(64, "0");
      kept.parts.take(`eve${n}`, { ...part, count: 2, blob }, NOW);
    }
  }
  strictEqual(kept.bytesOf("part_files"), KEPT_PARTS.totalFiles);
  strictEqual(kept.have("bob", bobs), 1);
});

Deno.test("FileParts: in all no more bytes than the bound", () => {
  const kept = new Kept();
  const [bobs] = partsOf(200, 2) as [FilePart];
  kept.parts.take("bob", bobs, NOW);
  const most = KEPT_PARTS.totalBytes / PARTS.bytes;
  const file = partsOf(1, 23);
  for (let n = 0; n * 22 < most * 1.05; n++) {
    const blob = `${n}`.padStart(64, "0");
    for (const part of file.slice(0, 22)) {
      kept.parts.take(`eve${n % 12}`, { ...part, blob }, NOW);
    }
  }
  ok(kept.bytesOf() <= most + 1);
  ok(kept.bytesOf() > most * 0.9);
  strictEqual(kept.have("bob", bobs), 1);
});
