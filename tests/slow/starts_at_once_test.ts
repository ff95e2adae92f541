import { startsAtOnce } from "../scenarios/starts_at_once.ts";

Deno.test("daemon: of 50 starts at once one runs, its token fits, and the others say so with 0", async () => {
  await startsAtOnce(50);
});
