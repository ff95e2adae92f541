import assert from "node:assert/strict";
import {
  LastingServer,
  type RunningServer,
} from "../../../lib/host/lasting_server.ts";
import { systemClock } from "../../../lib/clock.ts";
import { silentLogger } from "../../../lib/log.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const handler = () => Promise.resolve(new Response("here"));

/** A runtime whose servers end when a test says so, and can't always listen. */
function runtime() {
  const running: { readonly port: number; end(error: Error): void }[] = [];
  const made = {
    running,
    refuses: 0,
    lost: 0,
    error: new Error("Too many open files"),
    listen({ port }: { readonly port: number }): RunningServer {
      if (made.refuses-- > 0) throw made.error;
      const { promise: finished, resolve, reject } = Promise.withResolvers<
        void
      >();
      const bound = port || 4_000;
      running.push({ port: bound, end: reject });
      return {
        finished,
        addr: { transport: "tcp", hostname: "127.0.0.1", port: bound },
        shutdown: () => Promise.resolve(resolve()),
      };
    },
  };
  return made;
}

function rig() {
  const clock = new FakeClock();
  const made = runtime();
  const server = new LastingServer({
    ...{ hostname: "127.0.0.1", port: 0, handler, clock, log: silentLogger },
    listen: made.listen,
    lost: () => made.lost++,
  });
  return { clock, made, server };
}

Deno.test("LastingServer: a listener that ended listens again on its port, as soon as it can", async () => {
  const { clock, made, server } = rig();
  made.refuses = 3;
  made.running[0]?.end(new Error("Too many open files"));
  await clock.advance(600);
  assert.equal(made.running.length, 1, "it could not listen yet");
  await clock.advance(1_000);
  assert.deepEqual(made.running.map(({ port }) => port), [4_000, 4_000]);
  made.running[1]?.end(new Error("Too many open files"));
  await clock.advance(1_000);
  assert.equal(made.running.length, 3);
  await server.shutdown();
  assert.equal(clock.pending, 0);
});

Deno.test("LastingServer: where it may not listen again it says so, and tries no more", async () => {
  const { clock, made } = rig();
  made.refuses = 10;
  made.error = new Deno.errors.NotCapable("no net access");
  made.running[0]?.end(new Error("Too many open files"));
  await clock.advance(10_000);
  assert.deepEqual([made.lost, made.refuses], [1, 9]);
  assert.equal(clock.pending, 0);
});

Deno.test("LastingServer.shutdown: nothing listens again, not even what was about to", async () => {
  const { clock, made, server } = rig();
  made.running[0]?.end(new Error("Too many open files"));
  await clock.advance(10);
  await server.shutdown();
  await clock.advance(10_000);
  assert.equal(made.running.length, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("LastingServer: answers over the runtime's own server, a handler's error is 500", async () => {
  const server = new LastingServer({
    ...{ hostname: "127.0.0.1", port: 0, clock: systemClock },
    log: silentLogger,
    lost: () => {},
    handler: (request) =>
      request.url.endsWith("/broken")
        ? Promise.reject(new Error("a fault of ours"))
        : handler(),
  });
  const base = `http://${server.address}`;
  assert.equal(await (await fetch(base)).text(), "here");
  const broken = await fetch(`${base}/broken`);
  assert.deepEqual([broken.status, await broken.text()], [
    500,
    "internal error\n",
  ]);
  await server.shutdown();
});
