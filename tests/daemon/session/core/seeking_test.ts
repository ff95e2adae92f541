import assert from "node:assert/strict";
import { Seeking } from "../../../../daemon/session/core/seeking.ts";

Deno.test("Seeking.missed: pauses double from half a minute to ten minutes, a quarter more or less, for ever", () => {
  for (const [random, part] of [[0, 0.75], [0.5, 1], [1, 1.25]] as const) {
    const seeking = new Seeking(undefined);
    const seconds = Array.from(
      { length: 8 },
      () => seeking.missed(random) / 1_000 / part,
    );
    assert.deepEqual(seconds, [30, 60, 120, 240, 480, 600, 600, 600]);
  }
});

Deno.test("Seeking.found: pauses begin anew", () => {
  const seeking = new Seeking(undefined);
  seeking.missed(0.5);
  seeking.found();
  assert.equal(seeking.missed(0.5), 30_000);
});

Deno.test("Seeking.isOurTurn: at once for the first by key, four looks later for each who comes before, never where nobody is known", () => {
  const looksUntil = (members: readonly string[] | undefined) => {
    const seeking = new Seeking(undefined);
    if (members !== undefined) seeking.ranks(members, "m");
    for (let looks = 0; looks < 100; looks++) {
      if (seeking.isOurTurn) return looks;
      seeking.missed(0.5);
    }
    return Infinity;
  };
  assert.equal(looksUntil(["m", "n", "z"]), 0);
  assert.equal(looksUntil(["a", "m", "z"]), 4);
  assert.equal(looksUntil(["a", "b", "m"]), 8);
  assert.equal(looksUntil(undefined), Infinity);
});

Deno.test("Seeking.ranks: tells whether the rank is another one, and keeps it over restarts", () => {
  const seeking = new Seeking(undefined);
  assert.equal(seeking.ranks(["a", "m"], "m"), true);
  assert.equal(seeking.ranks(["b", "m"], "m"), false);
  assert.equal(seeking.ranks(["m"], "m"), true);
  assert.equal(new Seeking(seeking.rank).isOurTurn, true);
});
