import assert from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import { Line, relay, serverOf } from "../../fakes/relay_server_rig.ts";

Deno.test("RelayServer: after 30 refused frames in a minute the next one ends the connection, and its agent waits", async () => {
  await using bed = await relay();
  const line = await new Line(bed.url, 1).login();
  const forged = JSON.stringify({
    ...JSON.parse(line.maker.message("r", "x")),
    nonce: "another",
  });
  for (let i = 0; i < 30; i++) {
    const refused = await line.ask(i % 2 === 0 ? "{}" : forged);
    assert.equal(refused.type, "error");
  }
  line.socket.send(forged);
  assert.equal((await line.ended.promise).code, 1008);
  const again = new Line(bed.url, 1);
  await again.opened();
  assert.equal((await again.ask(again.maker.hello())).code, "RATE_LIMITED");
  const other = await new Line(bed.url, 2).login();
  await other.close();
});

Deno.test("RelayServer.start: an address in use is a failure, and can be tried again", async () => {
  const { port, server } = await relay();
  const second = serverOf([], systemClock, port);
  await assert.rejects(second.start(), /EADDRINUSE|in use/);
  await server.stop();
  assert.equal(await second.start(), port);
  await second.stop();
});
