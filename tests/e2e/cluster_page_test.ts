// docs/operating-a-cluster.md: the servers' configuration as it stands there,
// with this host's addresses, lets a relay in by TLS, user and permissions.

import assert from "node:assert/strict";
import { RELAY_VARIABLES } from "../../relay/keeper/environment.ts";
import {
  natsServer,
  NatsServers,
  type Ports,
} from "../../scripts/nats_servers.ts";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { BlobPeer, bytesOf, manyBytes, type Told } from "../fakes/blob_peer.ts";
import { settingsFor } from "../fakes/log_end.ts";
import { hasOpenssl, makeCertificate } from "../fakes/nginx_front.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { cutLog, loseFiles } from "../fakes/server_streams.ts";
import { gather, holdsSoon } from "../scenarios/crowd.ts";

const PAGE = Deno.readTextFileSync(
  new URL("../../docs/operating-a-cluster.md", import.meta.url),
);
const ignore = natsServer() === undefined || !hasOpenssl;

/** The page's first block of a kind. */
function block(kind: string): string {
  const [, text] = new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\``, "m")
    .exec(PAGE) ?? [];
  assert.ok(text, `no ${kind} block`);
  return text;
}

/** The page's configuration on this host. */
function configured(folder: string) {
  return (own: number, ports: readonly Ports[]): string => {
    const at = (kind: keyof Ports, i: number) =>
      `127.0.0.1:${ports[i]?.[kind]}`;
    return block("nats")
      .replace("server_name: n1", `server_name: n${own + 1}`)
      .replace("listen: 10.0.0.1:4222", `listen: ${at("client", own)}`)
      .replace("http: 10.0.0.1:8222", `http: ${at("monitor", own)}`)
      .replace("listen: 10.0.0.1:6222", `listen: ${at("route", own)}`)
      .replace(/10\.0\.0\.(\d):6222/g, (_, n) => at("route", Number(n) - 1))
      .replace("/var/lib/nats", `${folder}/store-${own}`)
      .replaceAll("/etc/nats/server.pem", `${folder}/cert.pem`)
      .replaceAll("/etc/nats/server.key", `${folder}/key.pem`)
      .replaceAll("/etc/nats/ca.pem", `${folder}/cert.pem`);
  };
}

Deno.test({
  name:
    "operating a cluster: the servers' configuration and the relay's command are as the page says (needs nats-server and openssl)",
  ignore,
  async fn() {
    await using stage = await Stage.open();
    const folder = `${stage.folder}/nats`;
    await Deno.mkdir(folder);
    await makeCertificate(folder);
    const configuration = configured(folder);
    await using servers = await NatsServers.start({ folder, configuration });
    const creds = `${folder}/creds`;
    const [, line = ""] = /```\n(relay:\S+)\n```/.exec(PAGE) ?? [];
    await Deno.writeTextFile(creds, `${line}\n`, { mode: 0o600 });
    const flags = (file: string, node = "a") => [
      ...["--join-age", "0", "--create-age", "0"],
      ...["--cluster", servers.urls.replaceAll("nats://", "tls://")],
      ...["--cluster-monitor", servers.monitors, "--node", node],
      ...["--cluster-creds", file, "--cluster-ca", `${folder}/cert.pem`],
    ];
    const relay = await stage.startRelay(flags(creds));
    await holdsSoon(async () => {
      const ready = await fetch(
        new URL("/ready", relay.url.replace("ws:", "http:")),
      );
      assert.equal(ready.status, 200, await ready.text());
    });

    // The permissions are enough for a new relay that gets another's view.
    const [user = "", password = ""] = line.split(":");
    const settings = {
      ...settingsFor(servers),
      ca: await Deno.readTextFile(`${folder}/cert.pem`),
      credentials: { kind: "password", user, password },
    } as const;
    await cutLog(settings);
    const added = await stage.startRelay(flags(creds, "b"), {
      data: `${stage.folder}/added`,
    });
    await added.process.line(/another relay's view is taken.*position/, 60_000);

    // And for files: one that is there, and one that its leader says is not.
    const ada = await RelayPeer.login(relay.url, { identity: agent(1) });
    const bea = await RelayPeer.login(added.url, { identity: agent(2) });
    await gather([ada, bea], "tea");
    const of = { room: "tea" };
    for (const isLost of [false, true]) {
      const bytes = manyBytes(2_000);
      const put = await new BlobPeer(relay.url, agent(1)).put(bytes, of);
      assert.equal(put.status, 201, JSON.stringify(put.body));
      ada.text(ada.message("tea", "look at this"));
      await bea.next("message");
      if (isLost) await loseFiles(settings);
      const got = await new BlobPeer(added.url, agent(2)).get(bytes, of);
      if (!isLost) assert.deepEqual(bytesOf(got), bytes);
      else assert.equal((got as Told).body.code, "BLOB_NOT_FOUND");
    }
    for (const peer of [ada, bea]) peer.close();

    // The certificate is for the address, not for the name.
    const named = flags(creds).map((word) =>
      word.replaceAll("tls://127.0.0.1", "tls://localhost")
    );
    const start = ["relay", "--listen", "127.0.0.1:0", "--data"];
    const misnamed = stage.start([...start, `${stage.folder}/c`, ...named]);
    await misnamed.line(/does not match certificate/, 60_000);
    await misnamed.end();

    const wrong = `${folder}/wrong`;
    await Deno.writeTextFile(wrong, "relay:other\n", { mode: 0o600 });
    const refused = await stage.run([
      ...[...start, `${stage.folder}/b`],
      ...flags(wrong),
    ]);
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(refused.stderr, /refuse this relay.*--cluster-creds/s);

    await Deno.chmod(creds, 0o640);
    const open = await stage.run([
      ...[...start, `${stage.folder}/b`],
      ...flags(creds),
    ]);
    assert.equal(open.code, 1, open.stdout);
    assert.match(open.stderr, /open to others.*0640.*chmod 0600/s);
    assert.ok(!open.stderr.includes(line), "the secret is said");
  },
});

Deno.test("operating a cluster: every flag and variable that the page names is one", () => {
  const flags = new Set(
    Object.keys(RELAY_VARIABLES).map((flag) =>
      `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    ),
  );
  const [, command = ""] = /```sh\n(agentnet relay --listen[^`]*)```/
    .exec(PAGE) ?? [];
  const named = command.match(/--[a-z-]+/g) ?? [];
  assert.ok(named.length > 5);
  for (const flag of named) assert.ok(flags.has(flag), flag);
  const variables: readonly string[] = Object.values(RELAY_VARIABLES);
  for (const [name] of PAGE.matchAll(/AGENTNET_RELAY_[A-Z_]+/g)) {
    assert.ok(variables.includes(name), name);
  }
});
