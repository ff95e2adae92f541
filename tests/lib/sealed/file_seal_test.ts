import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { CHUNK_BYTES, sealedLength } from "../../../lib/sealed/file_length.ts";
import { FileOpener, FileSealer } from "../../../lib/sealed/file_seal.ts";
import { sealedFileVectors } from "../../vectors/sealed_file.ts";

const key = Uint8Array.fromHex(sealedFileVectors.key);
const sha256 = (bytes: Uint8Array) =>
  createHash("sha256").update(bytes).digest("hex");
const fileOf = (size: number) =>
  Uint8Array.from({ length: size }, (_, at) => at * 7 % 251);

function sealed(file: Uint8Array, piece = 10_000): Uint8Array {
  const sealer = new FileSealer(key, file.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += piece) {
    parts.push(...sealer.push(file.subarray(at, at + piece)));
  }
  return joined(...parts, ...sealer.end());
}

function opened(
  bytes: Uint8Array,
  size: number,
  { with: by = key, piece = 7_777 } = {},
): Uint8Array | null {
  const opener = new FileOpener(by, size);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    const some = opener.push(bytes.subarray(at, at + piece));
    if (some === null) return null;
    parts.push(...some);
  }
  const rest = opener.end();
  return rest === null ? null : joined(...parts, ...rest);
}

Deno.test("FileSealer seals as the second implementation does", () => {
  for (const vector of sealedFileVectors.files) {
    const file = fileOf(vector.size);
    strictEqual(sha256(file), vector.sha256);
    for (const piece of [1 + vector.size, 10_000, 65_536]) {
      const bytes = sealed(file, piece);
      strictEqual(bytes.length, vector.sealed_length);
      strictEqual(sealedLength(vector.size), vector.sealed_length);
      strictEqual(sha256(bytes), vector.sealed_sha256);
      if (vector.sealed) strictEqual(bytes.toHex(), vector.sealed);
    }
  }
});

Deno.test("FileOpener gives back what was sealed, in pieces of any length", () => {
  for (const { size } of sealedFileVectors.files) {
    const bytes = sealed(fileOf(size));
    for (const piece of [1_000, 65_552, 1 + bytes.length]) {
      deepStrictEqual(opened(bytes, size, { piece }), fileOf(size));
    }
  }
});

Deno.test("FileOpener refuses what was cut, lengthened, turned round, altered, of another key or size", () => {
  const size = 3 * CHUNK_BYTES;
  const bytes = sealed(fileOf(size));
  const chunk = CHUNK_BYTES + 16;
  const first = bytes.subarray(0, chunk);
  const second = bytes.subarray(chunk, 2 * chunk);
  const third = bytes.subarray(2 * chunk);
  const flipped = (at: number) => {
    const copy = bytes.slice();
    copy[at]! ^= 1;
    return copy;
  };
  for (
    const wrong of [
      new Uint8Array(),
      bytes.subarray(0, -1),
      joined(first, second),
      joined(bytes, Uint8Array.of(0)),
      joined(bytes, third),
      joined(second, first, third),
      joined(first, third),
      flipped(0),
      flipped(chunk),
      flipped(bytes.length - 1),
    ]
  ) strictEqual(opened(wrong, size), null);
  strictEqual(opened(bytes, size - 1), null);
  strictEqual(opened(bytes, size + 1), null);
  strictEqual(opened(bytes, size, { with: new Uint8Array(32) }), null);
});

Deno.test("FileOpener refuses another size of the same padded length", () => {
  const bytes = sealed(fileOf(100));
  strictEqual(opened(bytes, 99), null);
  deepStrictEqual(opened(bytes, 100), fileOf(100));
});

Deno.test("FileSealer takes just the bytes that it was told of", () => {
  const short = new FileSealer(key, 2);
  short.push(Uint8Array.of(1));
  throws(() => short.end(), RangeError);
  throws(() => new FileSealer(key, 2).push(new Uint8Array(3)), RangeError);
  throws(() => new FileSealer(new Uint8Array(31), 2), RangeError);
});
