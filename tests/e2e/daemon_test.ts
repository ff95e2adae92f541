import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { startsAtOnce } from "../scenarios/starts_at_once.ts";

/** Nothing listens on the discard port of loopback. */
const NO_RELAY = "ws://127.0.0.1:9/v1/ws";
const PROGRAM = new URL("./keeper_gave_away.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("daemon: of 10 starts at once one runs, its token fits, and the others say so with 0", async () => {
  await startsAtOnce(10);
});

Deno.test("daemon: a second start beside one that does not answer names its pid, and is 1", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const first = await ada.startDaemon({ relay: NO_RELAY });
  first.kill("SIGSTOP");
  try {
    const second = await ada.run(["daemon", "--relay", NO_RELAY]);
    assert.equal(second.code, 1, second.stderr);
    assert.match(second.stderr, new RegExp(`kill ${first.pid}`));
    assert.match(second.stderr, /^[^\n]+\n$/);
  } finally {
    first.kill("SIGCONT");
  }
});

Deno.test("Nursery: starts session workers for a keeper that has given its network away", async () => {
  await using stage = await Stage.open();
  const state = `${stage.folder}/state`;
  await Deno.mkdir(state);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--config",
      CONFIG,
      "--no-prompt",
      "--allow-net",
      "--allow-read",
      "--allow-write",
      PROGRAM,
      state,
    ],
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  assert.equal(
    text.decode(stdout),
    "life 1 listened\nlife 2 listened\nkeeper's network: prompt\n",
  );
});

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
  await direct.line(/phase="waiting"/, 10_000);
  assert.equal((await ada.run(["status"], { env })).code, 0);
  assert.equal(other.callers, 0);
});
