import assert from "node:assert/strict";
import { badNetwork } from "../scenarios/bad_network.ts";

Deno.test("daemons: 5,000 messages over 20 cuts, three kills of each and two restarts of the relay", async () => {
  const result = await badNetwork({
    messages: 5_000,
    rooms: 5,
    cuts: 20,
    kills: 3,
    relayRestarts: 2,
  });
  assert.equal(result.sent, 5_000);
  assert.ok(
    result.received + result.gaps >= result.sent,
    JSON.stringify(result),
  );
});
