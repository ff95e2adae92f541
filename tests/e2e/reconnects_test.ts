import assert from "node:assert/strict";
import { manyCuts, roomsAgain } from "../scenarios/reconnects.ts";

Deno.test("daemon: begins with the relay down, and after five cuts is connected and in all its rooms within 35 s", async () => {
  const { firstMs, lastMs } = await manyCuts(5);
  assert.ok(firstMs <= 35_000, `${firstMs}`);
  assert.ok(lastMs <= 35_000, `${lastMs}`);
});

Deno.test("daemon: ten rooms joined within the minute are joined again at once: coming back counts as no join", async () => {
  assert.ok(await roomsAgain(10) <= 10_000);
});
