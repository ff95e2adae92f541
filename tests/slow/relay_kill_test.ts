import assert from "node:assert/strict";
import { killNine } from "../scenarios/kill_nine.ts";

Deno.test("relay: killed twenty times under 500 messages a second, it has every message that it acknowledged, once", async () => {
  const { acknowledged } = await killNine(20);
  assert.ok(acknowledged > 1000, `only ${acknowledged} acknowledged`);
});
