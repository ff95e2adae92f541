import { Stage } from "../../scripts/stage.ts";
import { ToldRelay } from "../fakes/told_relay.ts";
import { privateChaos } from "../scenarios/private_chaos.ts";

// `deno task slow` has an hour of it over each kind of relay.
Deno.test("private room: daemons killed while they write, lines cut and keys changed: nothing sent is lost or doubled, nothing plain on the wire", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using relay = new ToldRelay(url, "as it is");
  await privateChaos(stage, relay, { rounds: 4, seed: 3 });
});
