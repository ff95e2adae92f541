import assert from "node:assert/strict";
import { challengeAnswer } from "../../../lib/host/token_gate.ts";
import { localApi } from "../../../lib/local_api/client.ts";
import { plainCalls } from "../../fakes/plain.ts";
import { loopbackFetch } from "../../../lib/local_api/loopback_fetch.ts";
import { Unproven } from "../../../lib/local_api/unproven.ts";

/** What a listener that knows this token says to a challenge. */
function proofOf(request: Request, token = "t"): Promise<Response | null> {
  const hosts = [request.headers.get("host") ?? ""];
  return challengeAnswer(request, { token, hosts, listener: "a test" });
}

type Handler = (request: Request) => Response | Promise<Response>;

/** A real server on a free port of loopback for as long as `use` runs, which knows the token `t`. */
async function serving(
  handler: Handler,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => await proofOf(request) ?? handler(request),
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("loopbackFetch: method, path, query, headers and body arrive as fetch would send them", async () => {
  const echo: Handler = async (request) => {
    const { pathname, search } = new URL(request.url);
    return Response.json({
      method: request.method,
      target: pathname + search,
      token: request.headers.get("authorization"),
      type: request.headers.get("content-type"),
      host: request.headers.get("host"),
      body: await request.text(),
    }, { status: 418 });
  };
  await serving(echo, async (origin) => {
    const url = `${origin}/v2/send?q=${encodeURIComponent("ä b&c")}`;
    const init = {
      method: "POST",
      headers: {
        authorization: "Bearer t",
        "content-type": "application/json",
      },
      body: JSON.stringify({ text: "漢字 😀\n".repeat(4_000) }),
    };
    const [ours, theirs] = await Promise.all([
      loopbackFetch(url, init),
      fetch(url, init),
    ]);
    assert.deepEqual([ours.status, ours.ok], [418, false]);
    assert.deepEqual(
      JSON.parse(await ours.text()),
      JSON.parse(await theirs.text()),
    );
  });
});

Deno.test("loopbackFetch: large answers, in one piece or streamed, arrive whole", async () => {
  const large = "x".repeat(3_000_000) + "😀";
  const handler: Handler = ({ url }) =>
    url.endsWith("/stream")
      ? new Response(
        ReadableStream.from([large]).pipeThrough(new TextEncoderStream()),
      )
      : new Response(large);
  await serving(handler, async (origin) => {
    for (const path of ["/whole", "/stream"]) {
      const answer = await loopbackFetch(origin + path, {});
      assert.ok(answer.ok && await answer.text() === large, path);
    }
  });
});

Deno.test("loopbackFetch: an aborted signal ends the wait with its reason", async () => {
  const asked = Promise.withResolvers<void>();
  const silence = Promise.withResolvers<Response>();
  const handler: Handler = () => {
    asked.resolve();
    return silence.promise;
  };
  await serving(handler, async (origin) => {
    const stop = new AbortController();
    const answer = loopbackFetch(origin, { signal: stop.signal });
    await asked.promise;
    const reason = new Error("enough");
    stop.abort(reason);
    await assert.rejects(answer, reason);
    await assert.rejects(
      loopbackFetch(origin, { signal: AbortSignal.abort(reason) }),
      reason,
    );
    silence.resolve(new Response());
  });
});

Deno.test("loopbackFetch: nobody there is an error; a header can't smuggle another", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  listener.close();
  await assert.rejects(
    loopbackFetch(url, {}),
    Deno.errors.ConnectionRefused,
  );
  await serving(() => new Response(), async (origin) => {
    const headers = { authorization: "Bearer x\r\nx-evil: 1" };
    await assert.rejects(loopbackFetch(origin, { headers }), TypeError);
  });
});

Deno.test("LocalApi: a post that may have been carried out is OUTCOME_UNKNOWN and names its id; one that went nowhere NO_DAEMON", async () => {
  const answers = ["", "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"];
  for (const answer of answers) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const served = listener.accept().then(async (connection) => {
      const asked = await heardOf(connection);
      const proof = await proofOf(asked);
      await connection.write(httpBytes(await proof!.text()));
      await connection.read(new Uint8Array(65_536));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    });
    const { port } = listener.addr as Deno.NetAddr;
    const place = { address: `127.0.0.1:${port}`, token: "t" };
    const api = plainCalls(localApi(place, loopbackFetch));
    await assert.rejects(api.send({ room: "tea", text: "x", id: "m-1" }), {
      code: "OUTCOME_UNKNOWN",
      exitCode: 7,
      message: /^the daemon did not answer/,
      fix: /--id m-1 /,
    });
    await served;
    listener.close();
    await assert.rejects(api.send({ room: "tea", text: "x", id: "m-1" }), {
      code: "NO_DAEMON",
    });
  }
});

/** The request that comes next on a connection, which has no body. */
async function heardOf(connection: Deno.Conn): Promise<Request> {
  const buffer = new Uint8Array(4096);
  const size = await connection.read(buffer) ?? 0;
  const [line = "", ...rest] = new TextDecoder().decode(
    buffer.subarray(0, size),
  ).split("\r\n");
  const host = rest[0]!.replace("host: ", "");
  const url = `http://${host}${line.split(" ")[1]}`;
  return new Request(url, { headers: { host } });
}

function httpBytes(body: string, status = "200 OK"): Uint8Array {
  return new TextEncoder().encode(
    `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}

/** Answers of who does not know the token; null: the connection ends. */
const STRANGERS: Readonly<
  Record<string, (request: Request) => Promise<Uint8Array | null>>
> = {
  "nothing": () => Promise.resolve(null),
  "no HTTP": () => Promise.resolve(new TextEncoder().encode("SSH-2.0-x\r\n")),
  "an error of an earlier version": () =>
    Promise.resolve(httpBytes("no", "401 Unauthorized")),
  "anything": () => Promise.resolve(httpBytes("0".repeat(64))),
  "a head without end": () =>
    Promise.resolve(
      new TextEncoder().encode("HTTP/1.1 200 OK\r\n".padEnd(5000, "x")),
    ),
  "the proof of another token": async (request) =>
    httpBytes(await (await proofOf(request, "u"))!.text()),
  "the proof for another port": async ({ url }) => {
    const headers = { host: "127.0.0.1:1" };
    const asked = new Request(url, { headers });
    return httpBytes(await (await proofOf(asked))!.text());
  },
  "the proof for an earlier nonce": async ({ headers }) => {
    const url = `http://127.0.0.1/challenge?nonce=${"0".repeat(32)}`;
    const asked = new Request(url, { headers });
    return httpBytes(await (await proofOf(asked))!.text());
  },
};

for (const [name, answer] of Object.entries(STRANGERS)) {
  Deno.test(`loopbackFetch: the token and what goes with it is not sent to who answers a challenge with ${name}`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const heard = listener.accept().then(async (connection) => {
      using held = connection;
      const said = await answer(await heardOf(held));
      if (said === null) return 0;
      await held.write(said);
      return await held.read(new Uint8Array(1)) ?? 0;
    });
    const asked = loopbackFetch(`http://127.0.0.1:${port}/v2/send`, {
      method: "POST",
      headers: { authorization: "Bearer t" },
      body: "{}",
    });
    await assert.rejects(asked, Unproven);
    assert.equal(await heard, 0);
  });
}

Deno.test("LocalApi: another program on the port is NOT_THE_DAEMON also for a POST, for nothing was sent to it", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const served = listener.accept().then((connection) => connection.close());
  const place = { address: `127.0.0.1:${port}`, token: "t" };
  const api = plainCalls(localApi(place, loopbackFetch));
  await assert.rejects(api.send({ room: "tea", text: "x" }), {
    code: "NOT_THE_DAEMON",
    exitCode: 3,
    message: /nothing was sent/,
  });
  await served;
});
