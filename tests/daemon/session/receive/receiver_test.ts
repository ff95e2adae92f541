import assert from "node:assert/strict";
import { ADA, SessionRig } from "../../../fakes/session_rig.ts";

Deno.test("Receiver.takePast: what comes live while the past is fetched by REST is there once, verified", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  const { relay } = rig;
  relay.say("tea", ADA, "one");
  await rig.clock.advance(1_000);
  relay.cut();
  relay.say("tea", ADA, "while away");
  let hasSpoken = false;
  relay.refuse = (operation) => {
    if (operation === "rest tea" && !hasSpoken) {
      hasSpoken = true;
      relay.say("tea", ADA, "meanwhile");
    }
    return undefined;
  };
  await rig.clock.advance(60_000);
  const had = (await rig.all("tea")).map(({ text, verified }) =>
    `${text} ${verified}`
  );
  assert.deepEqual(had, ["one true", "while away false", "meanwhile true"]);
});
