import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";

const NO_RELAY = "ws://127.0.0.1:9/v1/ws";

/** The status line of one request, written by hand so that every header can be forged. */
async function statusOf(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const { hostname, port } = new URL(`http://${address}`);
  using socket = await Deno.connect({ hostname, port: Number(port) });
  const lines = Object.entries(headers).map(([name, value]) =>
    `${name}: ${value}\r\n`
  );
  const request = `GET ${path} HTTP/1.1\r\n${
    lines.join("")
  }Connection: close\r\n\r\n`;
  await socket.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(64);
  const read = await socket.read(buffer) ?? 0;
  const head = new TextDecoder().decode(buffer.subarray(0, read));
  return Number(head.split(" ")[1]);
}

async function addressOf(agent: StagedAgent): Promise<string> {
  const text = await Deno.readTextFile(`${agent.dataDir}/api.addr`);
  return text.trim().replace("http://", "");
}

Deno.test("local API: only a right token, a loopback Host and no Origin get in", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  await ada.startDaemon({ relay: NO_RELAY });
  const host = await addressOf(ada);
  const token = await Deno.readTextFile(`${ada.dataDir}/api.token`);
  const right = { Host: host, Authorization: `Bearer ${token.trim()}` };
  for (const path of ["/v2/status", "/status"]) {
    const ask = (headers: Record<string, string>) =>
      statusOf(host, path, headers);
    assert.equal(await ask(right), 200);
    assert.equal(await ask({ Host: host }), 401);
    assert.equal(await ask({ ...right, Authorization: "Bearer wrong" }), 401);
    assert.equal(await ask({ ...right, Host: "evil.example" }), 403);
    assert.equal(await ask({ ...right, Origin: `http://${host}` }), 403);
    assert.equal(await ask({ ...right, Origin: "null" }), 403);
  }
});

Deno.test("AGENTNET_TOKEN: a wrong one is 3 and named as such", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  await ada.startDaemon({ relay: NO_RELAY });
  const env = { AGENTNET_TOKEN: "wrong" };
  const answer = await ada.run(["status"], { env });
  assert.equal(answer.code, 3);
  assert.match(answer.stderr, /token/);
  assert.equal((await ada.run(["whoami"])).code, 0);
});

Deno.test("HTTP_PROXY: nothing of the local API or of a relay on loopback passes through it", async () => {
  await using stage = await Stage.open();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let strangers = 0;
  const accepting = (async () => {
    for await (const connection of listener) {
      strangers++;
      connection.close();
    }
  })();
  const proxy = `http://127.0.0.1:${listener.addr.port}`;
  const env = Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
      [name, proxy],
      [name.toLowerCase(), proxy],
    ]),
  );
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  await ada.startDaemon({ relay: url, env });
  const ready = await ada.run(["wait-ready", "--timeout", "60s"], { env });
  assert.equal(ready.code, 0, ready.stderr);
  assert.equal((await ada.run(["create", "tea"], { env })).code, 0);
  assert.equal((await ada.run(["send", "tea", "text"], { env })).code, 0);
  listener.close();
  await accepting;
  assert.equal(strangers, 0);
});
