import assert from "node:assert/strict";
import { upgradeProbe } from "../../../lib/client/dial_probe.ts";
import { http1Head } from "../../../lib/http1_head.ts";
import {
  answerOf,
  openedAndClosed,
  type Reply,
  TEST_CERTIFICATE,
  TlsServer,
} from "../../fakes/tls_server.ts";

const never = () => new AbortController().signal;
const trusting = upgradeProbe(http1Head([TEST_CERTIFICATE]));

/** What a look at a server finds, and what the server saw. */
async function look(reply: Reply, alpn?: readonly string[]) {
  await using server = new TlsServer({
    reply,
    ...(alpn === undefined ? {} : { alpn }),
  });
  const answer = await trusting(`wss://${server.address}/v1/ws`, never());
  return { answer, heads: server.heads };
}

for (const status of [200, 301, 400, 403, 404, 429, 502, 503]) {
  for (const alpn of [["http/1.1"], ["h2", "http/1.1"]]) {
    Deno.test(`upgradeProbe: tells ${status} of a server with ALPN ${alpn}`, async () => {
      const { answer } = await look(
        () => answerOf(`${status} So`, "location: https://new.example/v1/ws"),
        alpn,
      );
      const location = "https://new.example/v1/ws";
      assert.deepEqual(answer, { kind: "answered", status, location });
    });
  }
}

Deno.test("upgradeProbe: sends the upgrade request once, over HTTP/1.1, and nothing of ours", async () => {
  const { answer, heads } = await look((head) => openedAndClosed(head, 1013));
  assert.equal(answer.kind === "answered" && answer.status, 101);
  assert.equal(heads.length, 1);
  const [head = ""] = heads;
  assert.match(head, /^GET \/v1\/ws HTTP\/1\.1\r\n/);
  assert.match(head, /^upgrade: websocket\r$/im);
  assert.match(head, /^connection: upgrade\r$/im);
  assert.match(head, /^sec-websocket-version: 13\r$/im);
  assert.match(head, /^sec-websocket-key: [A-Za-z0-9+/]{22}==\r$/im);
  assert.doesNotMatch(head, /cookie|authorization|hello|sig/i);
});

Deno.test("upgradeProbe: a certificate of no known authority is the reason", async () => {
  await using server = new TlsServer({ reply: () => answerOf("403 No") });
  const answer = await upgradeProbe(http1Head())(
    `wss://${server.address}/`,
    never(),
  );
  assert.deepEqual(answer, {
    kind: "failed",
    reason: "invalid peer certificate: UnknownIssuer",
  });
  assert.deepEqual(server.heads, []);
});

Deno.test("upgradeProbe: a body without end is not read", async () => {
  const { answer } = await look(() =>
    "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_000)
  );
  assert.equal(answer.kind === "answered" && answer.status, 200);
});

Deno.test("upgradeProbe: a head without end is given up", async () => {
  const { answer } = await look(() =>
    "HTTP/1.1 200 OK\r\n" + `x: ${"y".repeat(1000)}\r\n`.repeat(5_000)
  );
  assert.equal(answer.kind, "failed");
});

Deno.test("upgradeProbe: an aborted look at a mute server is failed", async () => {
  await using server = new TlsServer({ reply: () => null });
  const aborted = AbortSignal.timeout(50);
  const answer = await trusting(`wss://${server.address}/`, aborted);
  assert.equal(answer.kind, "failed");
});

Deno.test("upgradeProbe: what is thrown is a reason, without what the runtime says around it", async () => {
  const cause = new Error(
    "error sending request for url (https://a.example/b): client error (Connect): dns error: no such name",
  );
  const failing = (error: unknown) =>
    upgradeProbe(() => Promise.reject(error))("wss://a.example/b", never());
  assert.deepEqual(
    await failing(new TypeError("fetch failed", { cause })),
    { kind: "failed", reason: "dns error: no such name" },
  );
  assert.deepEqual(await failing(new TypeError("port is blocked")), {
    kind: "failed",
    reason: "port is blocked",
  });
});
