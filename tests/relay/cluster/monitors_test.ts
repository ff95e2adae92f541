import assert from "node:assert/strict";
import { askMonitors } from "../../../relay/cluster/monitors.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const VARZ = {
  ...{ server_name: "n1", version: "2.12.0" },
  jetstream: { config: { sync_always: true } },
};

/** A server's monitoring port that answers from so many questions on. */
function monitor(from: number) {
  const clock = new FakeClock();
  let asked = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async () => {
      if (++asked >= from) return Response.json(VARZ);
      // Both that question's patience and the pause after it.
      await clock.advance(3_000);
      return new Response(null);
    },
  );
  const address = { hostname: "127.0.0.1", port: server.addr.port };
  const settings = { monitors: [{ ...address, isTls: false }] };
  return { ask: () => asking(settings, clock), server, asked: () => asked };
}

/** Time passes while it waits. */
async function asking(
  settings: Parameters<typeof askMonitors>[0],
  clock: FakeClock,
) {
  let isDone = false;
  const answers = askMonitors(settings, clock).finally(() => isDone = true);
  while (!isDone) {
    if (clock.nextInMs === 1_000) await clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return [...(await answers).values()];
}

Deno.test("askMonitors: where none answers in time they are asked again", async () => {
  const { ask, asked, server } = monitor(3);
  const good = { name: "n1", version: "2.12.0", isSynced: true };
  assert.deepEqual(await ask(), [good]);
  assert.equal(asked(), 3);
  await server.shutdown();
});

Deno.test("askMonitors: those that never answer are silent, and are not asked for ever", async () => {
  const { ask, asked, server } = monitor(Infinity);
  assert.deepEqual(await ask(), [null]);
  assert.equal(asked(), 4);
  await server.shutdown();
});
