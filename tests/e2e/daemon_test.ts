import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { startsAtOnce } from "../scenarios/starts_at_once.ts";

/** Nothing listens on the discard port of loopback. */
const NO_RELAY = "ws://127.0.0.1:9/v1/ws";
const PROGRAM =
  new URL("../fakes/keeper_gave_away.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("daemon: of 10 starts at once one runs, its token fits, and the others say so with 0", async () => {
  await startsAtOnce(10);
});

/** Runs keeper_gave_away.ts with these permissions in a data dir behind a link; what it said, a line each. */
async function runKeeper(
  stage: Stage,
  permissions: readonly string[],
): Promise<string[]> {
  await Deno.mkdir(`${stage.folder}/data/state`, { recursive: true });
  await Deno.symlink(`${stage.folder}/data`, `${stage.folder}/link`);
  await Deno.writeTextFile(`${stage.folder}/other`, "not yours");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--config", CONFIG, "--no-prompt"],
      ...[...permissions, PROGRAM, `${stage.folder}/link`],
    ],
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  return text.decode(stdout).trim().split("\n");
}

/** With a list the keeper starts session workers itself, with the whole network through a spawner. */
const FORMS = {
  "a list": "--allow-net=127.0.0.1:9,127.0.0.0/8,localhost,[::1]",
  "the whole network": "--allow-net",
};

for (const [form, net] of Object.entries(FORMS)) {
  Deno.test(`sessionStarter: granted ${form}, it starts a second worker after the keeper has given all else away`, async () => {
    await using stage = await Stage.open();
    const lines = await runKeeper(stage, [
      ...[net, "--allow-read=/", "--allow-write=/", "--allow-env=HOME"],
      "--allow-sys=hostname",
    ]);
    assert.deepEqual(lines, [
      "life 1 listened",
      "life 2 listened",
      "write its own: done",
      "read its own: done",
      "move its own: done",
      "remove its own: done",
      "read /etc/passwd: NotCapable",
      "read beside: NotCapable",
      "write beside: NotCapable",
      "open the program to write: NotCapable",
      "environment: NotCapable",
      "hostname: NotCapable",
      "another relay: NotCapable",
      "another host: NotCapable",
    ]);
    const other = await Deno.readTextFile(`${stage.folder}/other`);
    assert.equal(other, "not yours");
  });
}

Deno.test("sessionStarter: granted everything, which knows no list of folders, it gives network, environment and system away", async () => {
  await using stage = await Stage.open();
  const lines = await runKeeper(stage, ["--allow-all"]);
  assert.deepEqual(lines.slice(0, 3), [
    "life 1 listened",
    "life 2 listened",
    "write its own: done",
  ]);
  assert.deepEqual(lines.slice(-4), [
    "environment: NotCapable",
    "hostname: NotCapable",
    "another relay: NotCapable",
    "another host: NotCapable",
  ]);
});

// The second is not narrowed by the launcher, which leaves capitals to the program.
for (const relay of [NO_RELAY, NO_RELAY.replace("ws:", "WS:")]) {
  Deno.test(`daemon: ${relay}: a data dir that is relative, behind a link and not there yet is made, and left tidy`, async () => {
    await using stage = await Stage.open();
    await Deno.mkdir(`${stage.folder}/real`);
    await Deno.symlink(`${stage.folder}/real`, `${stage.folder}/link`);
    const process = stage.start(
      ["daemon", "--data-dir", "link/new/data", "--api", "127.0.0.1:0"],
      { env: { AGENTNET_RELAY: relay }, cwd: stage.folder },
    );
    await process.line(/http:\/\/\S+/, 60_000);
    const folder = `${stage.folder}/real/new/data`;
    const token = await Deno.readTextFile(`${folder}/api.token`);
    assert.notEqual(token, "");
    assert.equal(await process.end(), 0, process.output);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(left.toSorted(), ["agent.key", "daemon.lock", "state"]);
  });
}

Deno.test("daemon: files open to others are closed, with a warning in the log", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const first = await ada.startDaemon({ relay: NO_RELAY });
  await ada.run(["stop"]);
  await first.status;
  const key = `${ada.dataDir}/agent.key`;
  await Deno.chmod(key, 0o644);
  await Deno.chmod(ada.dataDir, 0o755);
  const second = await ada.startDaemon({ relay: NO_RELAY });
  assert.match(second.output, /agent\.key was open to others/);
  const { value } = await ada.json(["status"]);
  assert.equal(value.warnings.length, 2);
  for (const [path, mode] of [[key, 0o600], [ada.dataDir, 0o700]] as const) {
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, mode);
  }
});

/** What a program that stands in for a proxy is first asked by each caller. */
class Listening {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly first = Promise.withResolvers<string>();
  callers = 0;

  constructor() {
    void this.#accept();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.callers++;
      const buffer = new Uint8Array(1024);
      const length = await connection.read(buffer) ?? 0;
      connection.close();
      const text = new TextDecoder().decode(buffer.subarray(0, length));
      this.first.resolve(text.split("\r\n")[0] ?? "");
    }
  }
}

Deno.test("AGENTNET_PROXY: stands before the relay; HTTP_PROXY alone does not", async () => {
  await using stage = await Stage.open();
  using named = new Listening();
  using other = new Listening();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  const relay = "wss://relay.invalid/v1/ws";
  const ambient = { HTTPS_PROXY: other.url, https_proxy: other.url };
  const env = { ...ambient, AGENTNET_PROXY: named.url };
  await ada.startDaemon({ relay, env });
  assert.equal(await named.first.promise, "CONNECT relay.invalid:443 HTTP/1.1");
  const direct = await bob.startDaemon({ relay, env: ambient });
  await direct.line(/phase="waiting"/, 60_000);
  assert.equal((await ada.run(["status"], { env })).code, 0);
  assert.equal(other.callers, 0);
});
