import assert from "node:assert/strict";
import fc from "fast-check";
import { RelayRound } from "../../../lib/client/relay_round.ts";

Deno.test("RelayRound: dials each before one again, and says which it dialled last", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.infiniteStream(chance), (
      count,
      chances,
    ) => {
      const urls = Array.from({ length: count }, (_, i) => `wss://${i}`);
      const round = new RelayRound(urls, () => chances.next().value ?? 0);
      const first = round.current;
      const seen = urls.map(() => {
        const dialled = round.next();
        assert.equal(round.current, dialled);
        return dialled;
      });
      assert.deepEqual([...seen].sort(), urls);
      assert.deepEqual([first, round.next()], [seen[0], seen[0]]);
    }),
  );
});

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

Deno.test("RelayRound: those of a relay that is gone spread over all that are left", () => {
  const urls = ["wss://a", "wss://b", "wss://c"];
  const fallen = new Map<string, number>();
  let seed = 1;
  const random = () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647;
  const firsts = new Map<string, number>();
  for (let i = 0; i < 3_000; i++) {
    const round = new RelayRound(urls, random);
    const first = round.next();
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
    if (first !== "wss://a") continue;
    const second = round.next();
    fallen.set(second, (fallen.get(second) ?? 0) + 1);
  }
  for (const url of urls) {
    assert.ok(Math.abs((firsts.get(url) ?? 0) - 1_000) < 120);
  }
  const [b = 0, c = 0] = ["wss://b", "wss://c"].map((url) => fallen.get(url));
  assert.ok(Math.abs(b - c) < 150, `${b} to b, ${c} to c`);
});
