import assert from "node:assert/strict";
import fc from "fast-check";
import { PendingAsks } from "../../../relay/admin/pending_asks.ts";
import { parseAnswer } from "../../../relay/admin/parse_answer.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

function rig() {
  const posted: number[] = [];
  const clock = new FakeClock();
  const asks = new PendingAsks(clock, (id) => void posted.push(id));
  return { asks, clock, posted };
}

Deno.test("PendingAsks: an answer comes to its question; a strange one, or none within 10 s, is INTERNAL", async () => {
  const { asks, clock, posted } = rig();
  const kick = asks.ask({ kind: "kick", agent: "a" });
  asks.answered(posted[0] ?? 0, true);
  assert.equal(await kick, true);
  for (const strange of [null, "yes", { changed: true }]) {
    const asked = asks.ask({ kind: "kick", agent: "a" });
    asks.answered(posted.at(-1) ?? 0, strange);
    await assert.rejects(asked, /strange answer/);
  }
  const late = asks.ask({ kind: "stats" });
  const rejected = assert.rejects(late, /within 10 s/);
  await clock.advance(10_000);
  await rejected;
  asks.answered(999, true);
});

Deno.test("parseAnswer: total on anything, bounded, and a relay's own answers come through as they are", () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.record({
      agents: fc.oneof(fc.array(fc.anything()), fc.anything()),
      agents_total: fc.oneof(fc.nat(), fc.anything()),
      rooms: fc.oneof(fc.array(fc.anything()), fc.anything()),
      rooms_total: fc.oneof(fc.nat(), fc.anything()),
    }),
  );
  fc.assert(
    fc.property(anything, (answer) => {
      for (const kind of ["list", "stats", "kick", "close", "admit"] as const) {
        JSON.stringify(parseAnswer(kind, answer));
      }
    }),
    { numRuns: 2_000 },
  );
  const agent = {
    ...{ id: "a", name: "Ada", address: "10.0.0.1" },
    ...{ connected_ms: 5, rooms: ["tea"] },
  };
  const room = { name: "tea", topic: "", members: 1, last_active: 9 };
  const listing = {
    ...{ agents: [agent], agents_total: 1 },
    ...{ rooms: [room], rooms_total: 1, banned: ["b"] },
  };
  assert.deepEqual(parseAnswer("list", listing), listing);
  const many = { ...listing, agents: new Array(5_000).fill(agent) };
  assert.equal(parseAnswer("list", many)?.agents.length, 1_000);
  assert.deepEqual(parseAnswer("stats", { a: 1.5, b: "x" }), { a: 1.5, b: 0 });
});
