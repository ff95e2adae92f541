// docs/operating-a-relay.md: what an operator copies from it works as it stands.

import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { RELAY_VARIABLES } from "../../relay/keeper/environment.ts";
import { agent } from "../fakes/agents.ts";
import { hasNginx, hasOpenssl, NginxFront } from "../fakes/nginx_front.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";

const ROOT = new URL("../../", import.meta.url);
const PAGE = Deno.readTextFileSync(new URL("docs/operating-a-relay.md", ROOT));
const LAUNCHER = decodeURIComponent(new URL("scripts/agentnet", ROOT).pathname);

/** The page's first block of a kind. */
function block(kind: string): string {
  const [, text] = new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\``, "m")
    .exec(PAGE) ?? [];
  assert.ok(text, `no ${kind} block`);
  return text;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test({
  name:
    "operating a relay: systemd finds no fault in the unit (needs systemd-analyze: apt-get install systemd)",
  ignore: !isThere("/usr/bin/systemd-analyze"),
  async fn() {
    await using stage = await Stage.open();
    const unit = `${stage.folder}/agentnet-relay.service`;
    await Deno.writeTextFile(
      unit,
      block("ini").replace("/usr/local/bin/agentnet", LAUNCHER),
    );
    const { code, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", "--man=no", unit],
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stderr).split("\n")
      .filter((line) => line.includes("agentnet-relay"));
    assert.deepEqual({ code, said }, { code: 0, said: [] });
  },
});

Deno.test("operating a relay: the unit's settings are variables of the program, and start it", async () => {
  await using stage = await Stage.open();
  const set = Object.fromEntries(
    [...block("ini").matchAll(/^Environment=(AGENTNET_\w+)=(.*)$/gm)]
      .map(([, name, value]) => [name ?? "", value ?? ""]),
  );
  const known: readonly string[] = Object.values(RELAY_VARIABLES);
  for (const name of Object.keys(set)) assert.ok(known.includes(name), name);
  const env = {
    ...set,
    AGENTNET_RELAY_DATA: `${stage.folder}/relay`,
    AGENTNET_RELAY_LISTEN: "127.0.0.1:0",
  };
  const relay = stage.start(["relay"], { env });
  await relay.line(/listening on ws:/, 60_000);
  assert.equal(await relay.end(), 0);
});

Deno.test("operating a relay: every metric that the page names is there", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const url = relay.url.replace("ws:", "http:").replace("/v1/ws", "/metrics");
  const text = await (await fetch(url)).text();
  const rows = [...PAGE.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, cell]) =>
    cell
  );
  const names = rows.join(" ").matchAll(/`([a-z_]+)(?:\{[a-z]+\})?`/g);
  let count = 0;
  for (const [, name] of names) {
    assert.match(text, new RegExp(`^# TYPE agentnet_relay_${name} `, "m"));
    count++;
  }
  assert.ok(count >= 14, `${count} metrics found on the page`);
});

Deno.test({
  name:
    "operating a relay: agents talk through nginx with TLS, each under its own address, figures hidden (needs nginx and openssl: apt-get install nginx-light openssl)",
  ignore: !hasNginx || !hasOpenssl,
  async fn() {
    await using stage = await Stage.open();
    const relay = await stage.startRelay([
      ...["--join-age", "0", "--create-age", "0"],
      ...["--trust-proxy", "127.0.0.1/32"],
    ]);
    const { host } = new URL(relay.url);
    await using front = await NginxFront.start({
      folder: stage.folder,
      server: block("nginx"),
      relay: host,
    });
    const { ca, address } = front;
    const url = `wss://${address}/v1/ws`;
    const ada = await RelayPeer.login(url, { identity: agent(1), ca });
    const bob = await RelayPeer.login(url, {
      identity: agent(2),
      ca,
      localAddress: "127.0.0.2",
      // Whatever a client claims of its address, the web server knows better.
      headers: { "x-forwarded-for": "203.0.113.9" },
    });
    await ada.create("tea");
    await bob.join("tea");
    ada.text(ada.message("tea", "x".repeat(30_000)));
    const heard = await bob.next("message");
    assert.equal((heard.content as { text: string }).text.length, 30_000);

    const listed = await stage.run(
      ["relay", "admin", "list", "--data", `${stage.folder}/relay`, "--json"],
    );
    const addresses = JSON.parse(listed.stdout).agents.map((
      row: { address: string },
    ) => row.address);
    assert.deepEqual(addresses, ["127.0.0.1", "127.0.0.2"]);

    using client = Deno.createHttpClient({ caCerts: [ca] });
    const status = async (path: string) => {
      const response = await fetch(`https://${address}${path}`, { client });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status("/api/rooms"), 200);
    assert.equal(await status("/ready"), 200);
    assert.equal(await status("/metrics"), 404);
    ada.close();
    bob.close();
  },
});
