import assert from "node:assert/strict";
import { badNetwork } from "../scenarios/bad_network.ts";

Deno.test("daemons: 500 messages over cuts, kills and a relay's restart arrive once each, in order, or in a counted gap", async () => {
  const { sent, received, gaps } = await badNetwork({
    messages: 500,
    rooms: 5,
    cuts: 4,
    kills: 1,
    relayRestarts: 1,
  });
  assert.equal(sent, 500);
  assert.ok(received + gaps >= sent);
});
