// Large pages, asked for by many at once, against a relay with its limits: a member of it hardly notices.

import { Stage } from "../../scripts/stage.ts";
import { assertBounded, FLOOD_MS } from "../scenarios/flood_bounds.ts";
import { fillRoom, READING } from "../scenarios/floods.ts";
import { withMember } from "../scenarios/member.ts";

for (const [name, flood] of Object.entries(READING)) {
  Deno.test(`relay: ${name}: a member has its answers, and the relay serves on`, () =>
    assertBounded(async () => {
      await using stage = await Stage.open();
      const relay = await stage.startRelay();
      const at = await fillRoom(relay.url);
      const reading = (url: string, ms: number) => flood(url, ms, at);
      return await withMember(relay, reading, FLOOD_MS);
    }));
}
