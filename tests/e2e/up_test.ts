import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { hasBubblewrap } from "../fakes/bubblewrap.ts";
import { EmptyHome, killed, pidIn } from "../fakes/empty_home.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);
const ONE_LINE = /^agentnet up: [^\n]+\n$/;

Deno.test("up: starts a daemon that outlives it, says so in one line, and says who runs the second time", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  const first = await home.run(["up", "--relay", url, "--name", "ada"]);
  assert.deepEqual([first.code, first.stderr], [0, ""]);
  assert.match(first.stdout, ONE_LINE);
  assert.match(first.stdout, /up: started; ada \(/);
  const pid = await pidIn(`${home.folder}/.agentnet`);
  // What it was told is remembered.
  const second = await home.json(["up"]);
  assert.equal(second.code, 0, second.stdout);
  const { already_running, pid: same, relay, agent_name } = second.value;
  assert.deepEqual(
    [already_running, same, relay, agent_name],
    [true, pid, url, "ada"],
  );
  const log = await Deno.stat(`${home.folder}/.agentnet/daemon.log`);
  assert.equal((log.mode ?? 0) & 0o777, 0o600);
});

/** With which numbers 0 to 3, 12 and 63 are pipes of ours, until whoever holds one has let it go. */
const HELD = "exec 5>&1 12>&1 63>&1; ";

/** Runs a script of bash, $0 the launcher; until nobody holds its pipes. */
async function bash(script: string, env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, LAUNCHER],
    env,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("up: a shell that captures its output, and one that waits for every descriptor, get on at once", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  const script = `${HELD}out=$("$0" up --relay ${url}) && echo "[$out]"`;
  const { code, stdout, stderr } = await bash(script, home.env);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\[agentnet up: started;/);
  assert.equal((await home.run(["status", "--check"])).code, 0);
});

Deno.test("up: the daemon has a session of its own, by whatever shell it is started and without setsid too", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const tools = await toolsWithout(stage, "setsid");
  const shells = await Promise.all(
    ["dash", "bash --posix", "busybox sh"].map(async (shell) =>
      await isThere(shell.split(" ")[0] ?? "") ? [shell] : []
    ),
  );
  const ways = shells.flat().flatMap((shell) =>
    [undefined, tools].map((path) => ({ shell, path }))
  );
  for (const { shell, path } of ways) {
    await using home = await EmptyHome.make(
      stage,
      `${shell} ${path !== undefined}`,
    );
    const script = `${HELD}exec ${shell} "$0" up --json --relay ${url}`;
    const env = path === undefined ? home.env : { ...home.env, PATH: path };
    const { code, stdout, stderr } = await bash(script, env);
    assert.equal(code, 0, `${shell}: ${stderr}`);
    const { pid } = JSON.parse(stdout);
    assert.equal(await sessionOf(pid), pid, `${shell}, ${path ?? "setsid"}`);
  }
});

/** A folder with all programs of the system but one. */
async function toolsWithout(stage: Stage, left: string): Promise<string> {
  const folder = `${stage.folder}/tools`;
  await Deno.mkdir(folder);
  for (const from of ["/usr/bin", "/bin"]) {
    for await (const { name } of Deno.readDir(from)) {
      if (name === left) continue;
      try {
        await Deno.symlink(`${from}/${name}`, `${folder}/${name}`);
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  }
  return folder;
}

async function isThere(program: string): Promise<boolean> {
  const args = ["-c", `command -v ${program}`];
  return (await new Deno.Command("sh", { args }).output()).success;
}

/** The session of a process. */
async function sessionOf(pid: number): Promise<number> {
  const args = ["-o", "sess=", "-p", `${pid}`];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  return Number(new TextDecoder().decode(stdout));
}

Deno.test("up: starts anew after its daemon was killed, with a log that is put aside when it is long", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  const up = await home.json(["up", "--relay", url]);
  await killed(up.value.pid);
  const log = `${home.folder}/.agentnet/daemon.log`;
  await Deno.writeTextFile(log, "x".repeat(1_000_001), { mode: 0o600 });
  const again = await home.json(["up"]);
  assert.equal(again.code, 0, again.stdout);
  assert.equal(again.value.already_running, false);
  assert.equal(again.value.agent_id, up.value.agent_id);
  assert.equal((await Deno.stat(`${log}.1`)).size, 1_000_001);
  assert.ok((await Deno.stat(log)).size < 100_000);
});

Deno.test("up: two identities beside the default one, each with its own key, name and port", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "all", {
    AGENTNET_RELAY: url,
  });
  const up = async (...args: string[]) => {
    const { code, stdout, value } = await home.json(["up", ...args]);
    assert.equal(code, 0, stdout);
    return value;
  };
  const all = [
    await up("--name", "ada"),
    await up("--as", "bob"),
    await up("--as", "carol-2"),
  ];
  const names = all.map(({ agent_name }) => agent_name);
  assert.deepEqual(names, ["ada", "bob", "carol-2"]);
  for (const field of ["agent_id", "api", "pid", "data_dir"]) {
    assert.equal(new Set(all.map((one) => one[field])).size, 3, field);
  }
  for (const { api, data_dir } of all) {
    const written = await Deno.readTextFile(`${data_dir}/api.addr`);
    assert.equal(`http://${written.trim()}`, api);
  }
  const bob = await home.json(["whoami"], { env: { AGENTNET_AS: "bob" } });
  assert.equal(bob.value.id, all[1].agent_id);
});

Deno.test("up, daemon: with another name than that of the daemon that runs says it, ends with 1 and changes nothing", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  await home.run(["up", "--relay", url, "--name", "ada"]);
  for (const command of ["up", "daemon"]) {
    const { code, stderr } = await home.run([command, "--name", "bob"], {
      env: { AGENTNET_RELAY: url },
    });
    assert.equal(code, 1, command);
    assert.match(stderr, /as 'ada', not as 'bob'; for a second agent: /);
  }
  const other = await home.run(["up", "--relay", "ws://127.0.0.1:1"]);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /, not at ws:\/\/127\.0\.0\.1:1\/v1\/ws; /);
  const again = await home.json(["up"]);
  assert.equal(again.value.agent_name, "ada");
  assert.equal(again.value.relay, url);
});

Deno.test("up: flags win over the environment, which wins over what is remembered, in the daemon too", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  const env = { AGENTNET_NAME: "env", AGENTNET_RELAY: "ws://127.0.0.1:1" };
  const flags = ["--relay", url, "--name", "flag"];
  const first = await home.json(["up", ...flags], { env });
  assert.equal(first.code, 0, first.stdout);
  const { agent_name, relay } = first.value;
  assert.deepEqual([agent_name, relay], ["flag", url]);
  await home.run(["stop"]);
  const named = await home.json(["up"], { env: { AGENTNET_NAME: "env" } });
  assert.equal(named.value.agent_name, "env");
  await home.run(["stop"]);
  const remembered = await home.json(["up"]);
  assert.equal(remembered.value.agent_name, "env");
});

Deno.test("up: what keeps the daemon from starting is told as it says it, with its exit code", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  const none = await home.run(["up"]);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /^agentnet: no relay is named; [^\n]+\n$/);
  await Deno.mkdir(`${home.folder}/.agentnet`, { mode: 0o700 });
  const key = `${home.folder}/.agentnet/agent.key`;
  await Deno.writeTextFile(key, "no key", { mode: 0o600 });
  const log = `${home.folder}/.agentnet/daemon.log`;
  await Deno.mkdir(log);
  const full = await home.run(["up", "--relay", url]);
  assert.equal(full.code, 1);
  assert.equal(
    full.stderr.replace(/; .*/, ""),
    `agentnet: can't write ${log}: it is not a file\n`,
  );
  await Deno.remove(log);
  const broken = await home.json(["up", "--relay", url]);
  assert.equal(broken.code, 1);
  assert.equal(broken.value.error.code, "KEY_INVALID");
});

Deno.test({
  name: "up: a home that can't be written ends it with a line that says so",
  ignore: !await hasBubblewrap(),
  fn: async () => {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    await using home = await EmptyHome.make(stage, "ada");
    const { folder } = home;
    const bound = ["--dev-bind", "/", "/", "--ro-bind", folder, folder];
    const { code, stdout, stderr } = await new Deno.Command("bwrap", {
      args: [...bound, LAUNCHER, "up", "--relay", url],
      env: home.env,
    }).output();
    assert.equal(code, 1);
    assert.equal(new TextDecoder().decode(stdout), "");
    assert.match(
      new TextDecoder().decode(stderr),
      /^agentnet: can't use [^\n]+: Read-only file system [^\n]+\n$/,
    );
  },
});

Deno.test("up: a relay that is not there is not waited for longer than said; the daemon keeps trying", async () => {
  await using stage = await Stage.open();
  await using home = await EmptyHome.make(stage, "ada");
  const up = ["up", "--relay", "ws://127.0.0.1:1", "--timeout", "1s"];
  const { code, stderr } = await home.run(up);
  assert.equal(code, 6);
  assert.match(
    stderr,
    /^agentnet: ws:\/\/127\.0\.0\.1:1 is remembered .*agentnet stop, then agentnet up --relay URL\nagentnet: the daemon was not ready in time: /,
  );
  assert.equal((await home.run(["status"])).code, 0);
});
