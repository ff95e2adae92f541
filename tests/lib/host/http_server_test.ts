import assert from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import { HttpServer } from "../../../lib/host/http_server.ts";
import { silentLogger } from "../../../lib/log.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";

type Handler = (request: Request) => Promise<Response>;

const echo: Handler = async (request) =>
  Response.json({
    method: request.method,
    path: new URL(request.url).pathname,
    host: request.headers.get("host"),
    body: await request.text(),
  });

async function withServer(
  handler: Handler,
  use: (server: HttpServer) => Promise<void>,
  clock = systemClock,
): Promise<void> {
  const log = silentLogger;
  const hostname = "127.0.0.1";
  const server = new HttpServer({ hostname, port: 0, handler, clock, log });
  try {
    await use(server);
  } finally {
    await server.shutdown();
  }
}

const dial = ({ port }: HttpServer) =>
  Deno.connect({ hostname: "127.0.0.1", port });

const bytes = (text: string) => new TextEncoder().encode(text);

async function readAll(connection: Deno.Conn): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(4_096);
  for (;;) {
    const read = await connection.read(buffer);
    if (read === null) return text;
    text += new TextDecoder().decode(buffer.subarray(0, read));
  }
}

/** What the server answers to these bytes, up to its end of the connection. */
async function answerTo(server: HttpServer, ...parts: string[]) {
  using connection = await dial(server);
  for (const part of parts) {
    await connection.write(bytes(part));
    await settle();
  }
  return await readAll(connection);
}

Deno.test("HttpServer: bodies by length, in chunks, in pieces; callers keep their connection in vain", () =>
  withServer(echo, async (server) => {
    const url = `http://127.0.0.1:${server.port}/a`;
    for (let i = 0; i < 3; i++) {
      const answer = await fetch(url, { method: "POST", body: "x".repeat(i) });
      assert.equal((await answer.json()).body, "x".repeat(i));
      assert.equal(answer.headers.get("connection"), "close");
    }
    const chunks = await answerTo(
      server,
      "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Enc",
      "oding: chunked\r\n\r\n3\r",
      "\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n",
    );
    assert.match(chunks, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(chunks, /"body":"abcde"/);
  }));

Deno.test("HttpServer: 100 Continue comes once the body is wanted", () =>
  withServer(echo, async (server) => {
    using connection = await dial(server);
    await connection.write(bytes(
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
    ));
    const buffer = new Uint8Array(64);
    const read = await connection.read(buffer) ?? 0;
    const first = new TextDecoder().decode(buffer.subarray(0, read));
    assert.equal(first, "HTTP/1.1 100 Continue\r\n\r\n");
    await connection.write(bytes("hi"));
    assert.match(await readAll(connection), /"body":"hi"/);
  }));

Deno.test("HttpServer: what is no request is 400, a head too large 431, and what follows a request is nobody's", async () => {
  let asked = 0;
  const handler: Handler = (request) => (asked++, echo(request));
  await withServer(handler, async (server) => {
    assert.match(
      await answerTo(server, "\x16\x03\x01\r\n\r\n"),
      /^HTTP\/1.1 400/,
    );
    const large = `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`;
    assert.match(await answerTo(server, large), /^HTTP\/1.1 431/);
    assert.equal(asked, 0);
    const request = "GET /one HTTP/1.1\r\nHost: h\r\n\r\n";
    const answer = await answerTo(server, request + request);
    assert.equal(asked, 1);
    assert.equal(answer.split("HTTP/1.1 ").length, 2);
  });
});

Deno.test("HttpServer: a body that breaks off is the handler's error, and the server goes on", () =>
  withServer(echo, async (server) => {
    {
      using connection = await dial(server);
      await connection.write(
        bytes("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"),
      );
    }
    const answer = await fetch(`http://127.0.0.1:${server.port}/x`);
    assert.equal((await answer.json()).path, "/x");
  }));

Deno.test("HttpServer: who says nothing for 10 s is ended", async () => {
  const clock = new FakeClock();
  await withServer(echo, async (server) => {
    using silent = await dial(server);
    using slow = await dial(server);
    await slow.write(bytes("GET / HTTP/1.1\r\n"));
    const ended = Promise.all([readAll(silent), readAll(slow)]);
    for (let i = 0; i < 20; i++) {
      await settle();
      await clock.advance(1_000);
    }
    assert.deepEqual(await ended, ["", ""]);
  }, clock);
});

Deno.test("HttpServer: 300 that say nothing keep nobody out", () =>
  withServer(echo, async (server) => {
    const silent = [];
    for (let i = 0; i < 300; i++) silent.push(await dial(server));
    const answer = await fetch(`http://127.0.0.1:${server.port}/in`);
    assert.equal((await answer.json()).path, "/in");
    for (const one of silent) one.close();
  }));

Deno.test("HttpServer: a stream goes out as it comes, and ends with its reader", async () => {
  const cancelled = Promise.withResolvers<void>();
  const handler: Handler = () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes("data: 1\n\n")),
      cancel: () => cancelled.resolve(),
    });
    const headers = { "content-type": "text/event-stream" };
    return Promise.resolve(new Response(body, { headers }));
  };
  await withServer(handler, async (server) => {
    const gone = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${server.port}/`, {
      signal: gone.signal,
    });
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    assert.equal(new TextDecoder().decode(first?.value), "data: 1\n\n");
    gone.abort();
    await reader?.cancel().catch((error) =>
      assert.equal(error, gone.signal.reason)
    );
    await cancelled.promise;
  });
});

Deno.test("HttpServer: shutdown lets an answer under way out, and ends who says nothing", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const handler: Handler = () => (asked.resolve(), answer.promise);
  await withServer(handler, async (server) => {
    using silent = await dial(server);
    const pending = fetch(`http://127.0.0.1:${server.port}/`);
    await asked.promise;
    const down = server.shutdown();
    assert.equal(await readAll(silent), "");
    answer.resolve(new Response("late"));
    assert.equal(await (await pending).text(), "late");
    await down;
  });
});
