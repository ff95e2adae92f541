// Why a daemon has no connection, as `status` tells it: the runtime hides it where TLS is between.

import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { hasNginx, hasOpenssl, NginxFront } from "../fakes/nginx_front.ts";
import {
  answerOf,
  openedAndClosed,
  type Reply,
  TEST_CERTIFICATE,
  TlsServer,
} from "../fakes/tls_server.ts";

/** Why the daemon of a stage's agent is not connected, once it has tried. */
async function whyNot(
  stage: Stage,
  relay: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const agent = stage.agent("ada");
  const daemon = await agent.startDaemon({ relay, env });
  await daemon.line(/phase="?(waiting|refused)/, 60_000);
  const { value } = await agent.json(["status"]);
  await agent.run(["stop"]);
  return value.reason;
}

/** The environment in which a certificate, PEM, is trusted. */
async function trusting(stage: Stage, certificate: string) {
  const path = `${stage.folder}/trusted.pem`;
  await Deno.writeTextFile(path, certificate);
  return { DENO_CERT: path };
}

const CASES: readonly (readonly [string, Reply, RegExp])[] = [
  ["403", () => answerOf("403 No"), /403: .*blocked or banned/],
  ["a web page", () => "HTTP/1.1 200 OK\r\n\r\n<html>", /200: .*login page/],
  [
    "a redirection",
    () => answerOf("301 So", "location: https://new.example/v1/ws"),
    /301: the relay has moved to wss:\/\/new\.example\/v1\/ws/,
  ],
  [
    "a close with 1013 right after the 101",
    (head) => openedAndClosed(head, 1013),
    /no room for now \(1013\)/,
  ],
  [
    "a close with 1008 right after the 101",
    (head) => openedAndClosed(head, 1008, "banned"),
    /banned \(1008\)/,
  ],
];

Deno.test("daemon: over TLS the reason of a failed dial is told as it is", async () => {
  await using stage = await Stage.open();
  const env = await trusting(stage, TEST_CERTIFICATE);
  await using server = new TlsServer({ reply: () => null });
  for (const [name, reply, told] of CASES) {
    server.reply = reply;
    const why = await whyNot(stage, `wss://${server.address}/v1/ws`, env);
    assert.match(why, told, name);
  }
  server.reply = () => answerOf("404 No");
  assert.match(
    await whyNot(stage, `wss://${server.address}/sub/`, env),
    /404: .*try wss:\/\/127\.0\.0\.1:\d+\/sub\/v1\/ws/,
  );
});

Deno.test("daemon, doctor: the wrong scheme is told, with the right address", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const plain = url.replace("ws:", "wss:");
  await using server = new TlsServer({ reply: () => null });
  for (
    const [address, right] of [
      [plain, url],
      [`ws://${server.address}/v1/ws`, `wss://${server.address}/v1/ws`],
    ] as const
  ) {
    const why = await whyNot(stage, address);
    assert.ok(why.includes(`try ${right}`), why);
    const doctor = await stage.agent("ada").run(["doctor", "--relay", address]);
    assert.match(
      doctor.stdout,
      new RegExp(
        `^FAULT +(TLS|login): .*; try ${right} -> .*--relay ${right}$`,
        "m",
      ),
    );
  }
});

Deno.test("doctor: a port that says nothing to TLS is told in words of our own, with a cure", async () => {
  await using stage = await Stage.open();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const at = `127.0.0.1:${silent.addr.port}`;
  const { stdout } = await stage.agent("ada").run(
    ["doctor", "--relay", `wss://${at}/v1/ws`],
  );
  assert.match(
    stdout,
    /^FAULT +TLS: no answer within 10 s -> check the relay's address and port/m,
  );
});

Deno.test("daemon: a certificate of no known authority is told as such", async () => {
  await using stage = await Stage.open();
  await using server = new TlsServer({ reply: () => answerOf("403 No") });
  const why = await whyNot(stage, `wss://${server.address}/`);
  assert.match(why, /certificate is of no authority/);
});

const BEFORE_A_RELAY = `server {
  listen 443 ssl;
  ssl_certificate cert.pem;
  ssl_certificate_key key.pem;
  location = /v1/ws { proxy_pass http://127.0.0.1:8080; }
  location / { return 404; }
}`;

for (const http2 of ["", "http2"]) {
  Deno.test({
    name:
      `daemon: behind nginx ${http2} a relay that is gone, and a wrong path, are told as such`,
    ignore: !hasNginx || !hasOpenssl,
    async fn() {
      await using stage = await Stage.open();
      const folder = `${stage.folder}/nginx`;
      await Deno.mkdir(folder);
      await using nginx = await NginxFront.start({
        folder,
        relay: "127.0.0.1:9",
        server: BEFORE_A_RELAY,
        flags: http2,
      });
      const env = await trusting(stage, nginx.ca);
      const at = `wss://${nginx.address}`;
      assert.match(
        await whyNot(stage, `${at}/v1/ws`, env),
        /502: .*starting or gone/,
      );
      assert.match(
        await whyNot(stage, `${at}/chat`, env),
        /404: .*\/chat\/v1\/ws/,
      );
    },
  });
}

Deno.test("daemon: a proxy that is dead, and one that lets nothing through, are named", async () => {
  await using stage = await Stage.open();
  const why = (proxy: string) =>
    whyNot(stage, "wss://relay.invalid/v1/ws", { AGENTNET_PROXY: proxy });
  assert.match(
    await why("http://u:secret@127.0.0.1:9"),
    /the proxy 127\.0\.0\.1:9 does not answer/,
  );
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("no", { status: 403 }),
  );
  const { port } = server.addr;
  assert.match(
    await why(`http://127.0.0.1:${port}`),
    new RegExp(`the proxy 127\\.0\\.0\\.1:${port} does not let this through`),
  );
  await server.shutdown();
});
