import { Stage } from "../../scripts/stage.ts";
import { ToldRelay } from "../fakes/told_relay.ts";
import { privateChaos } from "../scenarios/private_chaos.ts";

/** Some 15 s a round. */
const ROUNDS = 100;

for (const way of ["as it is", "as Go does"] as const) {
  Deno.test(`private room, the relay's frames ${way}: minutes of kills, cuts and new keys`, async () => {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    await using relay = new ToldRelay(url, way);
    await privateChaos(stage, relay, { rounds: ROUNDS, seed: 7 });
  });
}
