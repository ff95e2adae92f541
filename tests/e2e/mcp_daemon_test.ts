// The MCP server as the daemon: held, killed, taken over, handed over.

import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { killed, pidIn } from "../fakes/empty_home.ts";
import { Host } from "../fakes/mcp_host.ts";

const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** A relay, bob's daemon with the room tea, and what ada's MCP server is configured with. */
async function scene(stage: Stage) {
  const { url } = await stage.startRelay();
  const bob = stage.agent("bob");
  await bob.online({ relay: url });
  await done(bob, ["create", "tea"]);
  const env = {
    AGENTNET_RELAY: url,
    AGENTNET_NAME: "ada",
    AGENTNET_BRAKES: "off",
  };
  return { url, bob, ada: stage.agent("ada"), env };
}

async function done(agent: StagedAgent, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await agent.run(args);
  assert.equal(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** Who holds ada's daemon once it is another than `pid`. */
async function nextHolder(ada: StagedAgent, pid: number) {
  for (;;) {
    const { value } = await ada.json(["status"]);
    if (value.pid !== undefined && value.pid !== pid) return value;
  }
}

/** Texts of a room as its relay keeps it. */
async function texts(agent: StagedAgent): Promise<string[]> {
  const { value } = await agent.json(["history", "tea", "--limit", "200"]);
  return value.messages.map(({ text }: { text: string }) => text);
}

Deno.test("mcp: holds the daemon where none runs; commands and a second start find it; it ends with its client", async () => {
  await using stage = await Stage.open();
  const { ada, bob, env } = await scene(stage);
  const host = await Host.of(ada, [], env);
  assert.match(await host.done("join", { room: "tea" }), /joined/);
  const status = (await ada.json(["status"])).value;
  assert.deepEqual([status.held_by, status.pid], ["mcp", host.pid]);
  assert.match(await done(ada, ["status"]), /pid \d+ \(agentnet mcp\)/);
  await done(ada, ["send", "tea", "from a shell"]);
  await host.done("send", { room: "tea", text: "from a tool" });
  assert.deepEqual(await texts(bob), ["from a shell", "from a tool"]);
  const second = await ada.run(["daemon"], { env });
  assert.equal(second.code, 0, second.stderr);
  assert.match(
    second.stdout,
    /one runs already .*an agent program's MCP server holds it/,
  );
  const log = await Deno.stat(`${ada.dataDir}/daemon.log`);
  assert.equal((log.mode ?? 0) & 0o777, 0o600);
  assert.equal(host.stderr, "");
  await host.close();
  assert.equal(await pidIn(ada.dataDir), null);
  assert.equal((await ada.run(["status", "--check"])).code, 3);
});

Deno.test("mcp: killed and started anew it goes on where it was, and nothing is lost or shown twice", async () => {
  await using stage = await Stage.open();
  const { ada, bob, env } = await scene(stage);
  await using first = await Host.of(ada, [], env);
  await first.done("join", { room: "tea" });
  await done(bob, ["send", "tea", "one"]);
  const one = await first.done("messages", { wait_seconds: 20 });
  assert.match(one, /one/);
  // The mark goes out after the answer.
  await first.done("messages");
  const { agent_id } = (await ada.json(["status"])).value;
  await killed(first.pid);
  assert.equal((await ada.run(["status", "--check"])).code, 3);
  await done(bob, ["send", "tea", "two"]);
  await using second = await Host.of(ada, [], env);
  const two = await second.done("messages", { wait_seconds: 20 });
  assert.match(two, /two/);
  assert.doesNotMatch(two, /one/);
  assert.equal((await ada.json(["status"])).value.agent_id, agent_id);
});

Deno.test("mcp: up takes over while both sides talk, mcp goes on as a client, and no message is lost or doubled", async () => {
  await using stage = await Stage.open();
  const { ada, bob, env } = await scene(stage);
  await using host = await Host.of(ada, [], env);
  await host.done("join", { room: "tea" });
  const talking = Promise.all([
    ...NUMBERS.map(async (n) =>
      await done(bob, ["send", "tea", `bob ${n}`, "--force"])
    ),
    ...NUMBERS.map((n) => host.call("send", { room: "tea", text: `ada ${n}` })),
  ]);
  const up = await ada.run(["up"], { env: { AGENTNET_BRAKES: "off" } });
  assert.equal(up.code, 0, up.stderr);
  assert.match(up.stdout, /^agentnet up: started; ada \(/);
  const told = await talking;
  const taken = await ada.json(["status"]);
  assert.equal(taken.value.held_by, "daemon");
  assert.notEqual(taken.value.pid, host.pid);
  assert.doesNotMatch(await host.done("status"), /agentnet mcp/);
  await host.done("send", { room: "tea", text: "last" });
  // What was said before the queue went out comes after it.
  const said = await texts(bob);
  assert.equal(new Set(said).size, said.length, said.join());
  for (const n of NUMBERS) {
    assert.ok(said.includes(`bob ${n}`), `bob ${n}`);
    const answer = told[NUMBERS.length + n - 1];
    const { text, isError } = answer as { text: string; isError: boolean };
    assert.ok(isError || said.includes(`ada ${n}`), `ada ${n}: ${text}`);
  }
  const got = (await ada.json(["messages", "--limit", "200"])).value.messages;
  const heard = got.map(({ text }: { text: string }) => text);
  assert.deepEqual(
    heard.toSorted(),
    NUMBERS.map((n) => `bob ${n}`).toSorted(),
  );
  await done(ada, ["stop"]);
});

Deno.test("mcp: a command that starts just while up takes over is answered by the daemon that follows", async () => {
  await using stage = await Stage.open();
  const { ada, env } = await scene(stage);
  await using host = await Host.of(ada, [], env);
  await host.done("status");
  let isOver = false;
  const asking = [1, 2, 3, 4, 5, 6].map(async () => {
    while (!isOver) await done(ada, ["status"]);
  });
  const upping = ada.run(["up"]).finally(() => isOver = true);
  // Together, so that a command that fails is the test's failure, and not nobody's.
  const [up] = await Promise.all([upping, ...asking]);
  assert.match(up.stdout, /^agentnet up: started; ada \(/, up.stderr);
  await done(ada, ["stop"]);
});

Deno.test("mcp: who waits for a message while up takes over goes on waiting at the daemon that follows, tool and command alike", async () => {
  await using stage = await Stage.open();
  const { ada, bob, env } = await scene(stage);
  await using host = await Host.of(ada, [], env);
  await host.done("join", { room: "tea" });
  const tool = host.done("messages", { wait_seconds: 40, peek: true });
  const command = ada.json(["messages", "--wait", "40s", "--peek"]);
  // Both stand at the daemon: of what it holds nothing tells.
  await host.done("status");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const up = await ada.run(["up"]);
  assert.equal(up.code, 0, up.stderr);
  await done(bob, ["send", "tea", "still there?"]);
  assert.match(await tool, /still there\?/);
  const { value } = await command;
  assert.deepEqual(
    value.messages?.map(({ text }: { text: string }) => text),
    ["still there?"],
    JSON.stringify(value),
  );
  await done(ada, ["stop"]);
});

Deno.test("mcp: of two for one data dir one holds the daemon; when it goes or is killed the other takes its place", async () => {
  await using stage = await Stage.open();
  const { ada, env } = await scene(stage);
  const hosts = await Promise.all([
    Host.of(ada, [], env),
    Host.of(ada, [], env),
  ]);
  for (const host of hosts) await host.done("join", { room: "tea" });
  const { pid } = (await ada.json(["status"])).value;
  const holder = hosts.find((host) => host.pid === pid);
  const other = hosts.find((host) => host.pid !== pid);
  assert.ok(holder && other);
  await holder.close();
  assert.match(await other.done("status"), /\(agentnet mcp\)/);
  await using third = await Host.of(ada, [], env);
  await third.done("status");
  const second = other.pid;
  await killed(second);
  // Nobody calls a tool: it sees by itself that the daemon has gone.
  const { held_by } = await nextHolder(ada, second);
  assert.equal(held_by, "mcp");
  await other.close();
});

Deno.test("mcp: without a relay it serves, its tools say what to do, and finds a daemon that is started then", async () => {
  await using stage = await Stage.open();
  const { ada, url } = await scene(stage);
  await using host = await Host.of(ada);
  const { text, isError } = await host.call("status");
  assert.equal(isError, true);
  assert.match(text, /no relay is named; in a shell: agentnet up --relay wss:/);
  await host.said(/^agentnet: no relay is named; [^\n]+\n$/);
  await ada.online({ relay: url });
  assert.match(await host.done("status"), /^connected to /);
});

Deno.test("mcp: after agentnet stop it holds no daemon, and says how to start one", async () => {
  await using stage = await Stage.open();
  const { ada, env } = await scene(stage);
  await using host = await Host.of(ada, [], env);
  await host.done("join", { room: "tea" });
  await done(ada, ["stop"]);
  for (;;) {
    const { text, isError } = await host.call("status");
    if (!isError) continue;
    assert.match(text, /start it: agentnet up/);
    break;
  }
  assert.equal((await ada.run(["status", "--check"])).code, 3);
  await using started = await Host.of(ada, [], env);
  assert.match(await started.done("status"), /\(agentnet mcp\)/);
});

Deno.test("mcp: beside a daemon of another name or relay it ends with 1 and says so; one that comes later is not spoken for", async () => {
  await using stage = await Stage.open();
  const { ada, env, url } = await scene(stage);
  const others = [
    ["--name", "bob"],
    ["--relay", "ws://127.0.0.1:1"],
    ["--name", "ada", "--relay", "ws://127.0.0.1:1"],
  ];
  await using host = await Host.of(ada, [], env);
  await host.done("status");
  for (const flags of others) {
    const { code, stdout, stderr } = await ada.run(["mcp", ...flags]);
    assert.deepEqual([code, stdout], [1, ""], flags.join(" "));
    assert.match(
      stderr,
      /^agentnet: a daemon runs with \S+ already \(pid \d+\), [^\n]+: agentnet mcp --as NAME; [^\n]+\n$/,
    );
  }
  await done(ada, ["stop"]);
  await ada.online({ relay: url, env: { AGENTNET_NAME: "carol" } });
  const { text, isError } = await host.call("messages");
  assert.equal(isError, true);
  assert.match(text, /as 'carol', not as 'ada'/);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`mcp: ${signal} ends the daemon that it holds in an orderly way`, async () => {
    await using stage = await Stage.open();
    const { ada, env } = await scene(stage);
    const host = await Host.of(ada, [], env);
    await host.done("join", { room: "tea" });
    const closed = new Promise<void>((resolve) =>
      host.client.onclose = resolve
    );
    Deno.kill(host.pid, signal);
    await closed;
    assert.equal(await pidIn(ada.dataDir), null);
    assert.equal((await ada.run(["status", "--check"])).code, 3);
  });
}
