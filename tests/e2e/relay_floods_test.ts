// What is cheap to send and dear to handle, against a relay with its limits: a member of it hardly notices.

import { Stage } from "../../scripts/stage.ts";
import { assertBounded, FLOOD_MS } from "../scenarios/flood_bounds.ts";
import { FLOODS } from "../scenarios/floods.ts";
import { withMember } from "../scenarios/member.ts";

for (const [name, flood] of Object.entries(FLOODS)) {
  Deno.test(`relay: ${name}: a member has its answers, and the relay serves on`, () =>
    assertBounded(async () => {
      await using stage = await Stage.open();
      const relay = await stage.startRelay();
      return await withMember(relay, flood, FLOOD_MS);
    }));
}
