import { strictEqual } from "node:assert/strict";
import { Speakers } from "../../../lib/rendering/speakers.ts";
import { agent } from "../../fakes/agents.ts";

Deno.test("Speakers called: one who was removed since always goes by key and mark, and is not introduced by it", () => {
  const from = agent(1).id;
  const ada = { from, from_name: "ada", verified: true };
  const speakers = new Speakers();
  speakers.expect([ada]);
  const whole = `ada·${from.slice(0, 8)} ✓`;
  const removed = { ...ada, removed: true };
  for (let n = 0; n < 2; n++) {
    strictEqual(speakers.called(removed), `${whole} removed since`);
  }
  strictEqual(speakers.called(ada), whole);
  strictEqual(speakers.called(ada), "ada");
  strictEqual(speakers.called(removed), `${whole} removed since`);
});
