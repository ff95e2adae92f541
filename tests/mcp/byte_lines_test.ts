import assert from "node:assert/strict";
import fc from "fast-check";
import { ByteLines } from "../../mcp/byte_lines.ts";

const text = (line: Uint8Array | "too long") =>
  line === "too long" ? line : new TextDecoder().decode(line);

Deno.test("ByteLines: the lines are those of the whole text, however it is cut", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ maxLength: 12 }), { maxLength: 8 }),
    fc.integer({ min: 1, max: 9 }),
    (parts, step) => {
      const whole = new TextEncoder().encode(parts.join("\n"));
      const lines = new ByteLines(16);
      const found: string[] = [];
      for (let at = 0; at < whole.length; at += step) {
        const some = lines.add(whole.subarray(at, at + step));
        found.push(...[...some].map(text));
      }
      const ended = new TextDecoder().decode(whole).split("\n").slice(0, -1);
      const naive = ended.map((line) =>
        new TextEncoder().encode(line).length > 16 ? "too long" : line
      );
      assert.deepEqual(found, naive);
    },
  ));
});
