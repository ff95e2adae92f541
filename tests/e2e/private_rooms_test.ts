import { Stage } from "../../scripts/stage.ts";
import { ToldRelay, type Way } from "../fakes/told_relay.ts";
import { livesOn } from "../scenarios/private_room.ts";

for (const way of ["as it is", "as Go does"] satisfies Way[]) {
  Deno.test(`private room, the relay's frames ${way}: made, joined, talked in, one removed, one who lost all but its key comes back, nothing plain on the wire`, async () => {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    await using relay = new ToldRelay(url, way);
    await livesOn(stage, relay);
  });
}
