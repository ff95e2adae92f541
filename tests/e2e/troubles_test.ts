import assert from "node:assert/strict";
import { type Answer, Stage, type StagedAgent } from "../../scripts/stage.ts";

/** Nothing listens on the discard port of loopback. */
const NO_RELAY = "ws://127.0.0.1:9/v1/ws";

/** One clear line on stderr, nothing on stdout, the right exit code. */
function assertTrouble(answer: Answer, code: number, says: RegExp): void {
  const told = JSON.stringify(answer);
  assert.equal(answer.code, code, told);
  assert.equal(answer.stdout, "", told);
  assert.match(answer.stderr, /^agentnet: [^\n]+\n$/, told);
  assert.match(answer.stderr, says, told);
}

Deno.test("commands: with no daemon each says how to start one", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const env = { AGENTNET_API: "127.0.0.1:9" };
  const lines = [
    ["status"],
    ["rooms"],
    ["create", "tea"],
    ["join", "tea"],
    ["leave", "tea"],
    ["send", "tea", "text"],
    ["messages"],
    ["history", "tea"],
    ["stop"],
  ];
  for (const line of lines) {
    const answer = await ada.run(line, { env });
    assertTrouble(answer, 3, /start it: agentnet up$/m);
  }
  const { value } = await ada.json(["status"], { env });
  assert.equal(value.error.code, "NO_DAEMON");
});

Deno.test("commands: wrong use is 2, before anything is sent", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  const lines = [
    ["join", "Not a name"],
    ["join", "x".repeat(65)],
    ["create", "tea!"],
    ["send", "tea", ""],
    ["send", "tea", "x".repeat(32 * 1024 + 1)],
    ["messages", "--wait", "60"],
  ];
  for (const line of lines) {
    const answer = await ada.run(line);
    assert.equal(answer.code, 2, `${line} ${answer.stderr}`);
    assert.equal(answer.stdout, "", `${line}`);
  }
});

Deno.test("commands: what the relay refuses for good is 4", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((one) => one.online({ relay: url })));
  assertTrouble(await ada.run(["join", "nowhere"]), 4, /nowhere/);
  assertTrouble(await ada.run(["send", "nowhere", "text"]), 4, /nowhere/);
  assertTrouble(await ada.run(["leave", "nowhere"]), 4, /nowhere/);
  await ada.run(["create", "tea"]);
  assertTrouble(await bob.run(["create", "tea"]), 4, /tea/);
});

Deno.test("daemon: a relay that is down is waited for; status and send say so", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  await ada.startDaemon({ relay: NO_RELAY });
  const { value } = await ada.json(["status"]);
  assert.equal(value.connected, false);
  assert.equal((await ada.run(["status", "--check"])).code, 5);
  assertTrouble(await ada.run(["wait-ready", "--timeout", "200ms"]), 6, /./);
  assertTrouble(await ada.run(["join", "tea"]), 5, /connection/);
});

Deno.test("daemon: wrong settings are 2, each with one line", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const relay = ["--relay", NO_RELAY];
  const table: [args: string[], says: RegExp][] = [
    [["daemon"], /AGENTNET_RELAY/],
    [["daemon", "--relay", "https://relay.example.org"], /ws:\/\//],
    [["daemon", "--relay", "ws://u:p@relay.example.org"], /relay/],
    [["daemon", ...relay, "--api", "0.0.0.0:9900"], /loopback/],
    [["daemon", ...relay, "--api", "192.0.2.1:9900"], /loopback/],
  ];
  for (const [args, says] of table) {
    assertTrouble(await ada.run(args), 2, says);
  }
  // None of them left anything behind.
  await assert.rejects(Deno.stat(ada.dataDir), Deno.errors.NotFound);
});

Deno.test("daemon: a file that is not a key is an error, and stays as it is", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  await Deno.mkdir(ada.dataDir, { mode: 0o700 });
  const key = `${ada.dataDir}/agent.key`;
  for (const content of ["", "{}", "not json", '{"private_key":"1111"}']) {
    await Deno.writeTextFile(key, content, { mode: 0o600 });
    const answer = await ada.run(["daemon", "--relay", NO_RELAY]);
    assertTrouble(answer, 1, /agent\.key/);
    assert.equal(await Deno.readTextFile(key), content);
  }
});

Deno.test("daemon: a taken port is a clear error", async () => {
  await using stage = await Stage.open();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const api = `127.0.0.1:${taken.addr.port}`;
  const ada = stage.agent("ada");
  const answer = await ada.run(["daemon", "--relay", NO_RELAY, "--api", api]);
  assertTrouble(answer, 1, /in use/);
});

Deno.test("daemon: a second start reports the first and exits 0", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const daemon = await ada.startDaemon({ relay: NO_RELAY });
  const token = await Deno.readTextFile(`${ada.dataDir}/api.token`);
  const second = await ada.run(["daemon", "--relay", NO_RELAY]);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout + second.stderr, new RegExp(`${daemon.pid}`));
  assert.equal(await Deno.readTextFile(`${ada.dataDir}/api.token`), token);
});

for (const put of ["is gone", "is another file"] as const) {
  Deno.test(`daemon: a second start beside one whose lock ${put} reports it and leaves its files`, async () => {
    await using stage = await Stage.open();
    const ada = stage.agent("ada");
    const daemon = await ada.startDaemon({ relay: NO_RELAY });
    const read = (file: string) => Deno.readTextFile(`${ada.dataDir}/${file}`);
    const files = ["api.token", "api.addr", "daemon.pid"];
    const before = await Promise.all(files.map(read));
    const lock = `${ada.dataDir}/daemon.lock`;
    await Deno.remove(lock);
    if (put === "is another file") await Deno.writeTextFile(lock, "");
    const second = stage.start(["daemon", "--relay", NO_RELAY], {
      env: { AGENTNET_DATA_DIR: ada.dataDir, AGENTNET_API: "127.0.0.1:0" },
    });
    const says = new RegExp(`runs already.*pid ${daemon.pid},`);
    await second.line(says, 60_000);
    assert.equal((await second.status).code, 0, second.output);
    assert.deepEqual(await Promise.all(files.map(read)), before);
    // The second start has left a lock that is free; the daemon takes it within 5 s.
    assert.equal(await heldAgain(ada), daemon.pid);
  });
}

/** The pid that status tells, once the lock is the daemon's again. */
async function heldAgain(agent: StagedAgent): Promise<number | undefined> {
  const until = performance.now() + 30_000;
  for (;;) {
    const { value } = await agent.json(["status"]);
    if (value.pid !== undefined || performance.now() > until) return value.pid;
  }
}

Deno.test("daemon: one whose lock was removed is stopped and another started at once", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const first = await ada.startDaemon({ relay: NO_RELAY });
  await Deno.remove(`${ada.dataDir}/daemon.lock`);
  assert.equal((await ada.run(["stop"])).code, 0);
  const second = await ada.startDaemon({ relay: NO_RELAY });
  assert.equal((await first.status).code, 0, first.output);
  assert.equal((await ada.json(["status"])).value.pid, second.pid);
});

Deno.test("daemon: a lock and files that were removed are made again: a second start and commands find the daemon", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const first = await ada.startDaemon({ relay: NO_RELAY });
  await Deno.remove(`${ada.dataDir}/daemon.lock`);
  await first.line(/made again/, 60_000);
  for (const file of ["api.addr", "api.token", "daemon.pid"]) {
    await Deno.remove(`${ada.dataDir}/${file}`);
  }
  const other = "ws://127.0.0.1:10/v1/ws";
  const second = await ada.json(["daemon", "--relay", other]);
  assert.equal(second.code, 0);
  const { up, pid, already_running, relay } = second.value;
  assert.deepEqual([pid, already_running, relay], [first.pid, true, NO_RELAY]);
  assert.match(up, /for another relay, first agentnet stop/);
  assert.equal((await ada.json(["status"])).value.pid, first.pid);
});

Deno.test("daemon: a killed one's files hold up no start, whoever listens at its address by now", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const first = await ada.startDaemon({ relay: NO_RELAY });
  first.kill("SIGKILL");
  await first.status;
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${silent.addr.port}`;
  await Deno.writeTextFile(`${ada.dataDir}/api.addr`, `${address}\n`);
  const second = await ada.startDaemon({ relay: NO_RELAY });
  assert.equal((await ada.json(["status"])).value.pid, second.pid);
});

Deno.test("daemon: stop, SIGTERM and SIGINT end it with 0 and take its files away", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const ways = [
    () => ada.run(["stop"]),
    () => Promise.resolve("SIGTERM" as const),
    () => Promise.resolve("SIGINT" as const),
  ];
  for (const way of ways) {
    const daemon = await ada.startDaemon({ relay: NO_RELAY });
    const done = await way();
    if (typeof done === "string") daemon.kill(done);
    else assert.equal(done.code, 0, done.stderr);
    assert.equal((await daemon.status).code, 0, daemon.output);
    for (const file of ["api.token", "api.addr", "daemon.pid"]) {
      const path = `${ada.dataDir}/${file}`;
      await assert.rejects(Deno.stat(path), Deno.errors.NotFound, file);
    }
  }
});

Deno.test("daemon: key, token and folder are their owner's alone", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  await ada.startDaemon({ relay: NO_RELAY });
  const modeOf = async (path: string) =>
    ((await Deno.stat(path)).mode ?? 0) & 0o777;
  assert.equal(await modeOf(ada.dataDir), 0o700);
  for (const file of ["agent.key", "api.token"]) {
    assert.equal(await modeOf(`${ada.dataDir}/${file}`), 0o600, file);
  }
});
