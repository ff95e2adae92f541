import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { sealedLength } from "../../../lib/sealed/file_length.ts";
import {
  isFilePart,
  partCount,
  PartCutter,
  PARTS,
  readFilePart,
  writeFilePart,
} from "../../../lib/sealed/file_part.ts";
import {
  MOST_SEALED_BYTES,
  readSealed,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";

const blob = "ab".repeat(32);
const whole = new Uint8Array(PARTS.bytes).fill(7);

function cut(bytes: Uint8Array, by: number): Uint8Array[] {
  const cutter = new PartCutter();
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += by) {
    parts.push(...cutter.push(bytes.subarray(at, at + by)));
  }
  return [...parts, ...cutter.end()];
}

Deno.test("writeFilePart: what it wrote is read again, and fits a sealed text", () => {
  for (
    const part of [
      { blob, index: 0, count: 2, bytes: whole },
      { blob, index: 1, count: 2, bytes: whole.subarray(0, 1) },
      { blob, index: 0, count: 1, bytes: whole },
    ]
  ) {
    const body = writeFilePart(part);
    deepStrictEqual(readFilePart(body), part);
    const text = writeSealed("f", body);
    ok(isFilePart(text) && text.length <= MOST_SEALED_BYTES);
    strictEqual(readSealed(text).is, "sealed");
  }
});

Deno.test("readFilePart: other lengths, numbers and versions are none, and what is cut short", () => {
  const part = { blob, index: 0, count: 2, bytes: whole };
  const most = partCount(PARTS.fileBytes);
  for (
    const wrong of [
      { ...part, bytes: whole.subarray(1) },
      { ...part, bytes: joined(whole, Uint8Array.of(1)) },
      { ...part, index: 1, bytes: new Uint8Array() },
      { ...part, index: 2 },
      { ...part, count: 0 },
      { ...part, count: most + 1 },
    ]
  ) strictEqual(readFilePart(writeFilePart(wrong)), null);
  const body = writeFilePart({ ...part, index: 1, bytes: Uint8Array.of(1) });
  for (let end = 0; end < body.length; end++) {
    strictEqual(readFilePart(body.subarray(0, end)), null);
  }
  const newer = body.slice();
  newer[0] = 2;
  strictEqual(readFilePart(newer), null);
});

Deno.test("PartCutter: as many as partCount says, whatever the pieces, and together the same", () => {
  for (const size of [0, 1, 47_000, 48_000, 100_000, PARTS.fileBytes]) {
    const sealed = Uint8Array.from(
      { length: sealedLength(size) },
      (_, at) => at * 7 % 251,
    );
    for (const by of [65_536, 48_000, 47_999]) {
      const parts = cut(sealed, by);
      strictEqual(parts.length, partCount(size));
      deepStrictEqual(joined(...parts), sealed);
      ok(parts.slice(0, -1).every(({ length }) => length === PARTS.bytes));
    }
  }
});
