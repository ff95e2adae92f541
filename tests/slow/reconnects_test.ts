import assert from "node:assert/strict";
import { frozenRelay, manyCuts, roomsAgain } from "../scenarios/reconnects.ts";

Deno.test("daemon: after thirty cuts it is connected and in all its rooms within 35 s", async () => {
  const { firstMs, lastMs } = await manyCuts(30);
  assert.ok(firstMs <= 35_000, `${firstMs}`);
  assert.ok(lastMs <= 35_000, `${lastMs}`);
});

Deno.test("daemon: forty rooms on a relay with its default limits are joined again at once", async () => {
  assert.ok(await roomsAgain(40) <= 10_000);
});

Deno.test("daemon: a relay that freezes is found within 45 s, and is connected to within 35 s of its return", async () => {
  const result = await frozenRelay(60_000);
  assert.ok(result.foundMs <= 45_000, JSON.stringify(result));
  assert.ok(result.backMs <= 35_000, JSON.stringify(result));
});
