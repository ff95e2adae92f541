import assert from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import type { Failure } from "../../../lib/errors.ts";
import type { TransportEnd } from "../../../lib/client/transport.ts";
import type { DialProbe, ProbeAnswer } from "../../../lib/client/dial_probe.ts";
import { webSocketDial } from "../../../lib/client/websocket_transport.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { answerOf, TlsServer } from "../../fakes/tls_server.ts";

/** A WebSocket server on a free loopback port; what it does with a socket is the test's. */
async function withServer(
  opened: (socket: WebSocket) => void,
  test: (url: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      socket.onopen = () => opened(socket);
      return response;
    },
  );
  try {
    await test(`ws://127.0.0.1:${server.addr.port}/v1/ws`);
  } finally {
    await server.shutdown();
  }
}

/** Records what a transport calls back; `next` waits for the next of it. */
function recorder() {
  const seen: string[] = [];
  let wake = () => {};
  const note = (line: string) => {
    seen.push(line);
    wake();
  };
  return {
    seen,
    text: (frame: string) => note(`text ${frame}`),
    refused: (reason: string) => note(`refused ${reason}`),
    overrun: () => note("overrun"),
    ended: (end: TransportEnd) => note(`ended ${end.code} ${end.reason}`),
    next: async (count: number) => {
      while (seen.length < count) {
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
  };
}

const never = () => new AbortController().signal;

/** A second look that finds what a test says, and counts. */
function fakeProbe(answer: ProbeAnswer | Promise<ProbeAnswer>) {
  const looks: string[] = [];
  const signals: AbortSignal[] = [];
  const probe: DialProbe = async (url, signal) => {
    looks.push(url);
    signals.push(signal);
    return await answer;
  };
  return { probe, looks, signals };
}

const { probe, looks } = fakeProbe({ kind: "failed", reason: "not looked at" });
const dial = webSocketDial({ clock: systemClock, probe });

Deno.test("webSocketDial: carries text both ways and tells how the line ended", async () => {
  await withServer((socket) => {
    socket.onmessage = ({ data }) => {
      socket.send(`got ${data}`);
      socket.close(4001, "newer login");
    };
  }, async (url) => {
    const events = recorder();
    const transport = await dial(url, events, never());
    transport.send("hi");
    await events.next(2);
    assert.deepEqual(events.seen, ["text got hi", "ended 4001 newer login"]);
    transport.send("after the end");
    assert.equal(transport.bufferedBytes, 0);
    transport.close();
  });
});

Deno.test("webSocketDial: a binary frame is refused and the line goes on", async () => {
  await withServer((socket) => {
    socket.send(new Uint8Array([1]));
    socket.send("text");
    socket.close();
  }, async (url) => {
    const events = recorder();
    await dial(url, events, never());
    await events.next(3);
    assert.deepEqual(events.seen.slice(0, 2), ["refused binary", "text text"]);
  });
});

Deno.test("webSocketDial: 1 MB of UTF-8 passes, one byte more ends the line", async () => {
  const closed = Promise.withResolvers<number>();
  await withServer((socket) => {
    socket.onclose = ({ code }) => closed.resolve(code);
    socket.send("ä".repeat(524_288));
    socket.send("ä".repeat(524_288) + "a");
    socket.send("never delivered");
  }, async (url) => {
    const events = recorder();
    await dial(url, events, never());
    await events.next(2);
    assert.equal(events.seen[0]?.length, "text ".length + 524_288);
    assert.equal(events.seen[1], "refused too large");
    assert.equal(await closed.promise, 4009);
    assert.equal(events.seen.length, 2);
  });
});

Deno.test("webSocketDial: after close() nothing is called", async () => {
  await withServer((socket) => {
    socket.onmessage = () => socket.send("answer");
  }, async (url) => {
    const events = recorder();
    const transport = await dial(url, events, never());
    transport.send("question");
    transport.close();
  });
});

Deno.test("webSocketDial: a port where nobody listens is NOT_CONNECTED", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(
    dial(`ws://127.0.0.1:${port}/`, recorder(), never()),
    { code: "NOT_CONNECTED", message: /: nobody listens there/ },
  );
});

Deno.test("webSocketDial: a text that is no URL is NOT_CONNECTED", async () => {
  await assert.rejects(dial("no url", recorder(), never()), {
    code: "NOT_CONNECTED",
  });
});

Deno.test("webSocketDial: a server that is no relay is NOT_CONNECTED", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("no", { status: 403 }),
  );
  const url = `ws://127.0.0.1:${server.addr.port}/`;
  await assert.rejects(dial(url, recorder(), never()), {
    code: "NOT_CONNECTED",
  });
  await server.shutdown();
});

Deno.test("webSocketDial: over ws:// a status is told without a second look", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("no", { status: 403 }),
  );
  const seen = looks.length;
  await assert.rejects(
    dial(`ws://127.0.0.1:${server.addr.port}/`, recorder(), never()),
    { message: /: 403: .*blocked or banned/ },
  );
  assert.equal(looks.length, seen);
  await server.shutdown();
});

Deno.test("webSocketDial: over wss:// one second look says why it failed", async () => {
  await using server = new TlsServer({ reply: () => answerOf("503 No") });
  const fake = fakeProbe({ kind: "answered", status: 503, location: null });
  const url = `wss://${server.address}/v1/ws`;
  const dialling = webSocketDial({ clock: systemClock, ...fake });
  await assert.rejects(dialling(url, recorder(), never()), {
    code: "NOT_CONNECTED",
    message: /: 503: the relay behind the server is starting or gone$/,
  });
  assert.deepEqual(fake.looks, [url]);
});

Deno.test("webSocketDial: a second look without an answer is given up after 5 s, and stopped", async () => {
  await using server = new TlsServer({ reply: () => answerOf("503 No") });
  const clock = new FakeClock();
  const looked = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<ProbeAnswer>();
  const mute: DialProbe = (_url, signal) => {
    const reason = "stopped";
    const end = () => stopped.resolve({ kind: "failed", reason });
    signal.addEventListener("abort", end);
    looked.resolve();
    return stopped.promise;
  };
  const dialling = webSocketDial({ clock, probe: mute })(
    `wss://${server.address}/`,
    recorder(),
    never(),
  );
  const failure = dialling.catch((error: Failure) => error.message);
  await looked.promise;
  await clock.advance(5_000);
  assert.match(`${await failure}`, /second look/);
  await stopped.promise;
  assert.equal(clock.pending, 0);
});

Deno.test("webSocketDial: aborted at the second look, it rejects with the reason and stops it", async () => {
  await using server = new TlsServer({ reply: () => answerOf("503 No") });
  const controller = new AbortController();
  const { probe, signals } = fakeProbe(new Promise(() => {}));
  const looked: DialProbe = (url, signal) => {
    queueMicrotask(() => controller.abort(new Error("enough")));
    return probe(url, signal);
  };
  await assert.rejects(
    webSocketDial({ clock: systemClock, probe: looked })(
      `wss://${server.address}/`,
      recorder(),
      controller.signal,
    ),
    /enough/,
  );
  assert.equal(signals[0]?.aborted, true);
});

/** A listener that takes a line and never says anything on it. */
async function withMutePeer(
  test: (url: string, taken: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken = listener.accept();
  await test(`ws://127.0.0.1:${listener.addr.port}/`, taken);
  const line = await taken;
  for (;;) {
    if (await line.read(new Uint8Array(1024)) === null) break;
  }
  line.close();
  listener.close();
}

Deno.test("webSocketDial: a peer that never answers is NOT_CONNECTED after 10 s", async () => {
  const clock = new FakeClock();
  await withMutePeer(async (url, taken) => {
    const dialling = webSocketDial({ clock, probe })(url, recorder(), never());
    const failure = dialling.catch((error: Failure) => error.code);
    await taken;
    await clock.advance(10_000);
    assert.equal(await failure, "NOT_CONNECTED");
    assert.equal(clock.pending, 0);
  });
});

Deno.test("webSocketDial: aborted while connecting, it rejects with the reason and drops the line", async () => {
  await withMutePeer(async (url, taken) => {
    const controller = new AbortController();
    const dialling = dial(url, recorder(), controller.signal);
    await taken;
    controller.abort(new Error("enough"));
    await assert.rejects(dialling, /enough/);
  });
});

Deno.test("webSocketDial: an owner that throws is told the end, and nothing escapes", async () => {
  await withServer((socket) => socket.send("boom"), async (url) => {
    const events = recorder();
    const text = () => {
      throw new Error("ours");
    };
    await dial(url, { ...events, text }, never());
    await events.next(1);
    assert.match(events.seen[0] ?? "", /^ended 1006 .*ours/);
  });
});
