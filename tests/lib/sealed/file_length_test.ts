import { ok, strictEqual } from "node:assert/strict";
import {
  isSealedLength,
  sealedLength,
} from "../../../lib/sealed/file_length.ts";

Deno.test("isSealedLength knows just the lengths that sealed files have", () => {
  const lengths = new Set(
    Array.from({ length: 3_000 }, (_, size) => sealedLength(size)),
  );
  for (let bytes = 0; bytes <= 3_000; bytes++) {
    strictEqual(isSealedLength(bytes), lengths.has(bytes), `${bytes}`);
  }
  for (const size of [65_535, 65_536, 65_537, 16_777_215, 16_777_216]) {
    ok(isSealedLength(sealedLength(size)));
    ok(!isSealedLength(sealedLength(size) + 1));
  }
});
