import { Stage } from "../../scripts/stage.ts";
import { ToldRelay } from "../fakes/told_relay.ts";
import { privateChaos } from "../scenarios/private_chaos.ts";

const CHAOS_MS = 60 * 60_000;

for (const way of ["as it is", "as Go does"] as const) {
  Deno.test(`private room, the relay's frames ${way}: an hour of kills, cuts and new keys`, async () => {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    await using relay = new ToldRelay(url, way);
    await privateChaos(stage, relay, {
      ...{ forMs: CHAOS_MS, seed: 7 },
      told: (line) => console.log(line),
    });
  });
}
