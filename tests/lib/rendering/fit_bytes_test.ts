import assert from "node:assert/strict";
import fc from "fast-check";
import {
  byteLength,
  fitBytes,
  type Fittable,
} from "../../../lib/rendering/fit_bytes.ts";

/** Texts, a line each; one that is cut ends in "~". */
function listOf(texts: readonly string[]): Fittable {
  return {
    count: texts.length,
    longest: Math.max(0, ...texts.map(({ length }) => length)),
    render: (shown, head = Infinity) =>
      texts.slice(0, shown)
        .map((text) =>
          text.length > head ? `${text.slice(0, head)}~\n` : `${text}\n`
        )
        .join(""),
  };
}

Deno.test("fitBytes: never more than the bound, and all of it where it fits", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 4_000 }), {
        minLength: 1,
        maxLength: 20,
      }),
      fc.integer({ min: 1, max: 20_000 }),
      (texts, most) => {
        const list = listOf(texts);
        const whole = list.render(list.count);
        const fit = fitBytes(list, most);
        if (byteLength(whole) <= most) {
          assert.deepEqual(fit, { text: whole, shown: texts.length });
        } else if (fit !== null) {
          assert.ok(byteLength(fit.text) <= most);
          assert.ok(fit.shown >= 1);
        }
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("fitBytes: long texts are cut to heads of one length before an item has to wait", () => {
  const fit = fitBytes(listOf(Array(6).fill("x".repeat(32_000))), 16_000);
  assert.equal(fit?.shown, 6);
  const heads = fit.text.trimEnd().split("\n").map(({ length }) => length);
  assert.ok(Math.min(...heads) === Math.max(...heads) && heads[0]! > 2_500);
});

Deno.test("fitBytes: texts of a few hundred characters are not cut: fewer of them are shown", () => {
  const fit = fitBytes(listOf(Array(100).fill("x".repeat(400))), 16_000);
  assert.equal(fit?.shown, Math.floor(16_000 / 401));
  assert.ok(!fit.text.includes("~"));
});

Deno.test("fitBytes: one that can't fit is cut; where not even that fits there is nothing", () => {
  assert.equal(
    fitBytes(listOf(["x".repeat(100)]), 50)?.text,
    `${"x".repeat(48)}~\n`,
  );
  assert.equal(fitBytes(listOf(["x".repeat(100)]), 10), null);
  assert.equal(
    fitBytes({ ...listOf(["x".repeat(100)]), longest: 0 }, 50),
    null,
  );
});
