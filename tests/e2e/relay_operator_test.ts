import assert from "node:assert/strict";
import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { parsePrometheus, valueOf } from "../oracle/prometheus_text.ts";

const OPEN = ["--join-age", "0", "--create-age", "0"];
const WITHIN_MS = 60_000;

const login = (relay: StagedRelay, number: number) =>
  RelayPeer.login(relay.url, {
    identity: agent(number),
    name: `peer-${number}`,
    features: ["ack", "history", "closed"],
  });

const http = (relay: StagedRelay, path: string) =>
  relay.url.replace("ws:", "http:").replace("/v1/ws", path);

/** Runs an act of the operator on the relay that the stage started; its JSON. */
async function admin(stage: Stage, ...words: string[]) {
  const data = `${stage.folder}/relay`;
  const answer = await stage.run(
    ["relay", "admin", ...words, "--data", data, "--json"],
  );
  return { code: answer.code, value: JSON.parse(answer.stdout) };
}

Deno.test("relay admin: list, kick, ban, unban and close do it, over a restart too, and are logged", async () => {
  await using stage = await Stage.open();
  const flags = [...OPEN, "--log-format", "json"];
  let relay = await stage.startRelay(flags);
  const [ada, bob] = [await login(relay, 1), await login(relay, 2)];
  await ada.create("tea");
  await bob.join("tea");

  const { value: before } = await admin(stage, "list");
  assert.equal(before.agents_total, 2);
  assert.deepEqual(before.rooms.map((room: { name: string }) => room.name), [
    "tea",
  ]);
  assert.deepEqual(before.banned, []);
  const { value: stats } = await admin(stage, "stats");
  assert.equal(stats.agents, 2);

  const kicked = await admin(stage, "kick", bob.identity.id);
  assert.deepEqual(kicked.value, { agent: bob.identity.id, changed: true });
  assert.equal((await bob.ended()).code, 4003);
  (await login(relay, 2)).close();

  const spam = await login(relay, 3);
  await admin(stage, "ban", spam.identity.id);
  assert.equal((await spam.ended()).code, 4003);
  await assert.rejects(login(relay, 3), /AUTH_FAILED/);

  assert.equal((await admin(stage, "close", "tea")).value.changed, true);
  const closed = await ada.next("room.closed");
  assert.equal(closed.reason, "closed by the operator");
  assert.equal((await admin(stage, "close", "tea")).value.changed, false);
  assert.equal((await admin(stage, "kick", "nobody")).code, 2);
  const log = relay.process.output;
  for (const act of ["kick", "ban", "close"]) {
    const lines = log.split("\n").filter((line) =>
      line.includes(`"admin ${act}"`)
    );
    assert.ok(lines.length > 0, act);
    assert.match(JSON.parse(lines[0] ?? "").request_id, /^[0-9a-f-]{36}$/);
  }

  assert.equal(await relay.process.end(), 0);
  assert.equal((await admin(stage, "list")).code, 3);
  relay = await stage.startRelay(flags);
  await assert.rejects(login(relay, 3), /AUTH_FAILED/);
  assert.deepEqual((await admin(stage, "list")).value.banned, [
    spam.identity.id,
  ]);
  await admin(stage, "unban", spam.identity.id);
  (await login(relay, 3)).close();
});

Deno.test("relay admin: the port opens to its token alone, its files to their owner alone", async () => {
  await using stage = await Stage.open();
  await stage.startRelay(OPEN);
  const data = `${stage.folder}/relay`;
  const address = await Deno.readTextFile(`${data}/admin.addr`);
  const ask = (token: string, headers: Record<string, string> = {}) =>
    fetch(`http://${address}/v1/stats`, {
      method: "POST",
      body: "{}",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        ...headers,
      },
    }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    });
  const token = await Deno.readTextFile(`${data}/admin.token`);
  assert.match(address, /^127\.0\.0\.1:\d+$/);
  assert.equal(await ask("0".repeat(token.length)), 401);
  assert.equal(await ask(token, { origin: "http://x" }), 403);
  assert.equal(await ask(token), 200);
  for (const file of ["admin.addr", "admin.token"]) {
    const { mode } = await Deno.stat(`${data}/${file}`);
    assert.equal((mode ?? 0) & 0o777, 0o600, file);
  }
});

Deno.test("relay --allow, --deny: who may, read again at SIGHUP; a private relay shows nothing to strangers", async () => {
  await using stage = await Stage.open();
  const [allow, deny] = [`${stage.folder}/allow`, `${stage.folder}/deny`];
  const ids = (...numbers: number[]) =>
    numbers.map((number) => `${agent(number).id} # peer ${number}\n`).join("");
  await Deno.writeTextFile(allow, ids(1, 2));
  await Deno.writeTextFile(deny, ids(2));
  const relay = await stage.startRelay([
    ...OPEN,
    "--allow",
    allow,
    "--deny",
    deny,
  ]);
  const ada = await login(relay, 1);
  await ada.create("secret");
  for (const number of [2, 3]) {
    await assert.rejects(login(relay, number), /AUTH_FAILED/);
  }
  for (const path of ["/api/rooms", "/api/rooms/secret/messages"]) {
    const response = await fetch(http(relay, path));
    assert.equal(response.status, 403);
    assert.doesNotMatch(await response.text(), /secret/);
  }
  await Deno.writeTextFile(allow, ids(1, 3));
  relay.process.kill("SIGHUP");
  await relay.process.line(/lists read again/, WITHIN_MS);
  (await login(relay, 3)).close();
  await Deno.writeTextFile(allow, "nobody\n");
  relay.process.kill("SIGHUP");
  await relay.process.line(/old ones stay.*line 1/, WITHIN_MS);
  (await login(relay, 3)).close();
});

Deno.test("relay --history: public to all, members to members over the socket, off to nobody", async () => {
  await using stage = await Stage.open();
  const seen: Record<string, unknown> = {};
  for (const history of ["public", "members", "off"]) {
    const data = `${stage.folder}/${history}`;
    const relay = await stage.startRelay([...OPEN, "--history", history], {
      data,
    });
    const ada = await login(relay, 1);
    const bob = await login(relay, 2);
    await ada.create("tea");
    ada.text(ada.message("tea", "green"));
    await ada.pong();
    const rest = await fetch(http(relay, "/api/rooms/tea/messages"));
    await rest.body?.cancel();
    seen[history] = [rest.status, await read(ada), await read(bob)];
    await relay.process.end();
  }
  assert.deepEqual(seen, {
    public: [200, 1, "NOT_IN_ROOM"],
    members: [403, 1, "NOT_IN_ROOM"],
    off: [403, "UNKNOWN_TYPE", "UNKNOWN_TYPE"],
  });
});

async function read(peer: RelayPeer): Promise<unknown> {
  peer.signed({ type: "room.history", room: "tea", after_seq: 0, limit: 10 });
  const frame = await peer.nextWhere(({ type }) =>
    type === "room.history.result" || type === "error"
  );
  return frame.type === "error"
    ? frame.code
    : (frame.messages as unknown[]).length;
}

Deno.test("relay /metrics: a strict parser reads it, and it says what happened", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(OPEN);
  const peers = [await login(relay, 1), await login(relay, 2)] as const;
  await peers[0].create("tea");
  await peers[1].join("tea");
  for (let i = 0; i < 5; i++) {
    peers[0].text(peers[0].message("tea", `cup ${i}`));
  }
  await peers[0].pong();
  peers[0].text(peers[0].message("coffee", "no such room"));
  await peers[0].nextWhere(({ type }) => type === "error");

  const response = await fetch(http(relay, "/metrics"));
  assert.match(
    response.headers.get("content-type") ?? "",
    /^text\/plain; version=0\.0\.4/,
  );
  const metrics = parsePrometheus(await response.text());
  const value = (name: string, labels = {}) =>
    valueOf(metrics, `agentnet_relay_${name}`, labels);
  assert.equal(value("connections"), 2);
  assert.equal(value("agents"), 2);
  assert.equal(value("rooms"), 1);
  assert.equal(value("logins_total"), 2);
  assert.equal(value("messages_in_total"), 6);
  assert.equal(value("messages_stored_total"), 5);
  assert.equal(value("deliveries_total"), 5);
  assert.equal(value("refusals_total", { code: "ROOM_NOT_FOUND" }), 1);
  assert.equal(value("queue_bytes"), 0);
  assert.equal(value("store_ready"), 1);
  assert.ok(value("loop_lag_seconds") >= 0);
  assert.ok(value("memory_bytes", { kind: "rss" }) > 2 ** 24);
  const commits = metrics.get("agentnet_relay_commit_seconds")?.samples.at(-1);
  assert.ok((commits?.value ?? 0) >= 1, "no commit was timed");
});

Deno.test("relay --metrics: this host alone, and nobody through a proxy that is not trusted; or off", async () => {
  await using stage = await Stage.open();
  const status = async (flags: string[], forwarded?: string) => {
    const relay = await stage.startRelay([...OPEN, ...flags]);
    const headers = forwarded === undefined
      ? {}
      : { "x-forwarded-for": forwarded };
    const response = await fetch(http(relay, "/metrics"), { headers });
    await response.body?.cancel();
    await relay.process.end();
    return response.status;
  };
  assert.equal(await status([]), 200);
  assert.equal(await status([], "127.0.0.1"), 403);
  const trust = ["--trust-proxy", "127.0.0.1"];
  assert.equal(await status(trust, "203.0.113.9"), 403);
  const named = [...trust, "--metrics", "203.0.113.0/24"];
  assert.equal(await status(named, "203.0.113.9"), 200);
  assert.equal(await status(["--metrics", "off"]), 403);
});

Deno.test("relay: a setting from the environment, a flag over it, and a wrong one named", async () => {
  await using stage = await Stage.open();
  const env = {
    AGENTNET_RELAY_HISTORY: "off",
    AGENTNET_RELAY_LOG_FORMAT: "json",
    AGENTNET_RELAY_LOG_LEVEL: "debug",
  };
  const relay = await stage.startRelay(["--history", "public", ...OPEN], {
    env,
  });
  const welcome = (await login(relay, 1)).heard.find(({ type }) =>
    type === "welcome"
  );
  assert.ok((welcome?.features as string[]).includes("history"));
  await relay.process.line(/"level":"debug"/, WITHIN_MS);
  const wrong = await stage.run(["relay"], {
    env: { AGENTNET_RELAY_JOIN_AGE: "soon" },
  });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /AGENTNET_RELAY_JOIN_AGE soon/);
});

Deno.test("relay --limits: what --print-limits prints can be changed and passed back; a wrong count names line and rule", async () => {
  await using stage = await Stage.open();
  const file = `${stage.folder}/limits.json`;
  const printed = await stage.run(["relay", "--print-limits"]);
  assert.equal(printed.code, 0);
  const limits = JSON.parse(printed.stdout);
  await Deno.writeTextFile(
    file,
    JSON.stringify({ ...limits, messagesPerAgent: 2 }, null, 2),
  );
  const relay = await stage.startRelay([...OPEN, "--limits", file]);
  const ada = await login(relay, 1);
  await ada.create("tea");
  for (let i = 0; i < 3; i++) ada.text(ada.message("tea", `cup ${i}`));
  const error = await ada.nextWhere(({ type }) => type === "error");
  assert.equal(error.code, "RATE_LIMITED");
  await Deno.writeTextFile(file, '{\n  "rooms": 5,\n  "creates": -1\n}\n');
  const wrong = await stage.run(["relay", "--limits", file]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /line 3: creates must be a whole number/);
});

Deno.test("relay log: JSON lines with a request id where a request was served, and no message text", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(
    [...OPEN, "--log-format", "json", "--log-level", "debug"],
  );
  const ada = await login(relay, 1);
  await ada.create("tea");
  ada.text(ada.message("tea", "only-for-the-room"));
  await ada.pong();
  const response = await fetch(http(relay, "/api/rooms?q=tea"));
  await response.body?.cancel();
  await relay.process.line(/"path":"\/api\/rooms"/, WITHIN_MS);
  const log = relay.process.output;
  const lines = log.split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const request = lines.find(({ path }) => path === "/api/rooms");
  assert.equal(request.request_id, response.headers.get("x-request-id"));
  for (const { time, level, event } of lines) {
    assert.match(time, /^\d{4}-.*Z$/);
    assert.ok(["debug", "info", "warn", "error"].includes(level));
    assert.equal(typeof event, "string");
  }
  assert.doesNotMatch(log, /only-for-the-room/);
});
