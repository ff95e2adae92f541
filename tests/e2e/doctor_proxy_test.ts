// doctor behind a proxy: it goes the way that the daemon would go.

import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { ForwardProxy } from "../fakes/forward_proxy.ts";
import { hasNginx, hasOpenssl, NginxFront } from "../fakes/nginx_front.ts";

const RELAY = "wss://relay.example.org/v1/ws";
const SERVER = `server {
  listen 443 ssl;
  ssl_certificate cert.pem;
  ssl_certificate_key key.pem;
  location / {
    proxy_pass http://127.0.0.1:8080;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
    proxy_set_header Host $host;
  }
}`;

Deno.test({
  name:
    "doctor: behind AGENTNET_PROXY every step goes through it, as the daemon's way does, exit 0",
  ignore: !hasNginx || !hasOpenssl,
  async fn() {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    const folder = `${stage.folder}/nginx`;
    await Deno.mkdir(folder);
    await using nginx = await NginxFront.start({
      folder,
      relay: new URL(url).host,
      server: SERVER,
    });
    await using proxy = new ForwardProxy(nginx.address);
    const other = "http://127.0.0.1:9";
    const env = {
      AGENTNET_PROXY: proxy.url.replace("//", "//u:secret@"),
      HTTPS_PROXY: other,
      DENO_CERT: `${folder}/cert.pem`,
    };
    const ada = stage.agent("ada");
    await ada.online({ relay: RELAY, env });
    const { code, stdout } = await ada.run(["doctor", "--relay", RELAY], {
      env,
    });
    assert.equal(code, 0, stdout);
    const { host } = new URL(proxy.url);
    assert.match(stdout, new RegExp(`^ok +proxy: .*through ${host} `, "m"));
    assert.match(stdout, /^ok +to the proxy: /m);
    assert.match(stdout, /^ok +through the proxy: relay\.example\.org:443/m);
    assert.match(stdout, /^ok +login: welcome/m);
    assert.ok(!stdout.includes("secret"));
    assert.deepEqual(
      new Set(proxy.asked),
      new Set(["CONNECT relay.example.org:443 HTTP/1.1"]),
    );
  },
});

Deno.test("doctor: a proxy that is dead is a fault named as such; one that the daemon refuses is refused, exit 1", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const doctor = async (proxy: string) => {
    const { code, stdout } = await ada.run(["doctor", "--relay", RELAY], {
      env: { AGENTNET_PROXY: proxy },
    });
    assert.equal(code, 1, stdout);
    assert.ok(!stdout.includes("secret"));
    return stdout;
  };
  const dead = await doctor("http://u:secret@127.0.0.1:9");
  assert.match(dead, /^FAULT +to the proxy: .*refused.* -> .*AGENTNET_PROXY/m);
  assert.doesNotMatch(dead, /^\w+ +(name|TCP|TLS|login):/m);
  for (const proxy of ["127.0.0.1:9", "socks5://u:secret@127.0.0.1:9"]) {
    const refused = await doctor(proxy);
    assert.match(refused, /^FAULT +proxy: .*can't be read.*not start -> /m);
    assert.doesNotMatch(refused, /^\w+ +login:/m);
  }
});

Deno.test("doctor: a proxy that says nothing is told in words of our own, with a cure", async () => {
  await using stage = await Stage.open();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const at = `127.0.0.1:${silent.addr.port}`;
  const { stdout } = await stage.agent("ada").run(
    ["doctor", "--relay", RELAY],
    { env: { AGENTNET_PROXY: `http://${at}` } },
  );
  assert.match(
    stdout,
    new RegExp(
      `^FAULT +through the proxy: no answer within 10 s through the proxy ${at} -> check AGENTNET_PROXY`,
      "m",
    ),
  );
});

Deno.test("doctor: HTTP_PROXY of the environment is not followed, as by the daemon", async () => {
  await using stage = await Stage.open();
  await using proxy = new ForwardProxy("127.0.0.1:9");
  const env = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url };
  const answer = await stage.agent("ada").run(
    ["doctor", "--relay", "wss://relay.invalid/v1/ws"],
    { env },
  );
  assert.match(answer.stdout, /^warning proxy: HTTPS_PROXY set, and not used/m);
  assert.match(answer.stdout, /^FAULT +name:/m);
  assert.deepEqual(proxy.asked, []);
});
