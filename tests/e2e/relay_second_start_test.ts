import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

const WITHIN_MS = 20_000;

/** The relay's folder on a stage, and what is done with its files. */
function folderOf(stage: Stage) {
  const data = `${stage.folder}/relay`;
  return {
    data,
    lock: `${data}/relay.lock`,
    read: (name: string) => Deno.readTextFile(`${data}/${name}`),
    remove: (name: string) => Deno.remove(`${data}/${name}`),
    names: () => [...Deno.readDirSync(data)].map(({ name }) => name),
  };
}

/** A start that is to be refused: its exit code and what it said, or where it listens. */
async function secondStart(stage: Stage): Promise<string> {
  const { data } = folderOf(stage);
  const second = stage.start(
    ["relay", "--listen", "127.0.0.1:0", "--data", data],
  );
  try {
    return (await second.line(/listening on \S+/, WITHIN_MS))[0];
  } catch (error) {
    if (!`${error}`.includes("it ended")) throw error;
    return `exit ${(await second.status).code}: ${second.output}`;
  }
}

const REFUSED = /^exit 1: .*another relay runs with this data dir/;

/** The relay that runs answers its operator, so its files still lead to it. */
async function assertFound(stage: Stage): Promise<void> {
  const { data } = folderOf(stage);
  const stats = await stage.run(["relay", "admin", "stats", "--data", data]);
  assert.equal(stats.code, 0, stats.stderr);
}

for (const put of ["is gone", "is another file"] as const) {
  Deno.test(`relay: a second start beside one whose lock ${put} is refused, and the first's files stay`, async () => {
    await using stage = await Stage.open();
    const relay = await stage.startRelay();
    const { lock, read } = folderOf(stage);
    const files = ["admin.addr", "admin.token"];
    const before = await Promise.all(files.map(read));
    await Deno.remove(lock);
    if (put === "is another file") await Deno.writeTextFile(lock, "");
    assert.match(await secondStart(stage), REFUSED);
    assert.deepEqual(await Promise.all(files.map(read)), before);
    await assertFound(stage);
    assert.equal(await relay.process.end(), 0, relay.process.output);
  });
}

Deno.test("relay: a lock and files that were removed are made again: a second start and the operator find the relay", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const { remove } = folderOf(stage);
  await remove("relay.lock");
  await relay.process.line(/made again/, WITHIN_MS);
  await remove("admin.addr");
  await remove("admin.token");
  assert.match(await secondStart(stage), REFUSED);
  await assertEventually(() => assertFound(stage));
});

Deno.test("relay: a second start beside one whose lock and files were removed at one moment is refused, and the first goes on", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const { remove } = folderOf(stage);
  for (const name of ["relay.lock", "admin.addr", "admin.token"]) {
    await remove(name);
  }
  assert.match(await secondStart(stage), REFUSED);
  await relay.process.line(/made again/, WITHIN_MS);
  await assertEventually(() => assertFound(stage));
  assert.equal(await relay.process.end(), 0, relay.process.output);
  await stage.startRelay();
});

Deno.test("daemon: a second start beside one whose lock and files were removed at one moment finds it, and the first goes on", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const relay = "ws://127.0.0.1:9/v1/ws";
  const first = await ada.startDaemon({ relay });
  for (const name of ["daemon.lock", "api.addr", "api.token", "daemon.pid"]) {
    await Deno.remove(`${ada.dataDir}/${name}`);
  }
  const second = await ada.run(["daemon", "--relay", relay]);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, new RegExp(`pid ${first.pid}\\b`));
  assert.match(first.output, /made again/);
});

Deno.test("relay: one whose lock was removed is stopped and another started at once", async () => {
  await using stage = await Stage.open();
  const first = await stage.startRelay();
  const { remove, names } = folderOf(stage);
  await remove("relay.lock");
  assert.equal(await first.process.end(), 0, first.process.output);
  const second = await stage.startRelay();
  assert.equal(await second.process.end(), 0, second.process.output);
  assert.deepEqual(
    names().filter((name) => name.startsWith("admin.")),
    [],
    "an orderly end takes them away",
  );
});

Deno.test("relay: a killed one's files hold up no start, whoever listens at its address by now", async () => {
  await using stage = await Stage.open();
  const first = await stage.startRelay();
  first.process.kill("SIGKILL");
  await first.process.status;
  const second = await stage.startRelay();
  second.process.kill("SIGKILL");
  await second.process.status;
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${silent.addr.port}`;
  await Deno.writeTextFile(`${folderOf(stage).data}/admin.addr`, address);
  await stage.startRelay();
  await assertFound(stage);
});

for (const mode of [0o755, 0o770, 0o701, 0o1777]) {
  const octal = mode.toString(8).padStart(4, "0");
  Deno.test(`relay: a data dir that is open to others (${octal}) is refused with how to mend it, and left as it is`, async () => {
    await using stage = await Stage.open();
    const { data, names } = folderOf(stage);
    await Deno.mkdir(data);
    await Deno.chmod(data, mode);
    const said = await secondStart(stage);
    assert.match(said, /^exit 1: .*--data/);
    assert.equal((await Deno.stat(data)).mode! & 0o7777, mode);
    assert.deepEqual(names(), []);
    if (mode === 0o1777) return;
    assert.ok(said.includes(octal) && said.includes(`chmod 0700 ${data}`));
    await Deno.chmod(data, 0o700);
    await stage.startRelay();
  });
}

Deno.test("relay: a ban list that is a link is refused and stays; one that is open to others is closed", async () => {
  await using stage = await Stage.open();
  const { data, names } = folderOf(stage);
  const bans = `${data}/bans.txt`;
  await Deno.mkdir(data, { mode: 0o700 });
  const list = `${stage.folder}/list`;
  await Deno.writeTextFile(list, "");
  await Deno.symlink(list, bans);
  assert.match(await secondStart(stage), /^exit 1: .*bans\.txt: it is a link/);
  assert.ok((await Deno.lstat(bans)).isSymlink);
  assert.ok(!names().includes("relay.db"));
  await Deno.remove(bans);
  await Deno.writeTextFile(bans, "# nobody\n");
  await Deno.chmod(bans, 0o644);
  const relay = await stage.startRelay();
  await relay.process.line(/bans\.txt was open to others/, WITHIN_MS);
  assert.equal((await Deno.stat(bans)).mode! & 0o777, 0o600);
});

/** What comes to be true within a while. */
async function assertEventually(check: () => Promise<void>): Promise<void> {
  for (const until = performance.now() + WITHIN_MS;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}
