import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);
/** Nothing listens on the discard port of loopback. */
const NO_RELAY = "ws://127.0.0.1:9/v1/ws";
const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
});

/** An executable that runs the program with its outputs put elsewhere by a shell. */
async function programWith(stage: Stage, outputs: string): Promise<string> {
  const path = `${stage.folder}/program-${crypto.randomUUID()}`;
  const text = `#!/bin/sh\nexec "${LAUNCHER}" "$@" ${outputs}\n`;
  await Deno.writeTextFile(path, text, { mode: 0o755 });
  return path;
}

async function runWith(
  outputs: string,
  args: readonly string[],
  { env = {}, stdin }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: string;
  } = {},
) {
  await using stage = await Stage.open();
  const program = await programWith(stage, outputs);
  await using other = await Stage.open({ program });
  return await other.run(args, {
    env,
    ...(stdin === undefined ? {} : { stdin }),
  });
}

const LINE =
  /^agentnet: standard output (can't be written: [^\n]+|is closed); what was not shown counts as unread\n$/;

for (const outputs of [">/dev/full", ">&-"]) {
  Deno.test(`stdout ${outputs}: every command ends with 1 and one line`, async () => {
    const lines = [
      ["version"],
      ["--help"],
      ["status", "--json"],
      ["nonsense", "--json"],
      ["completion", "bash"],
      ["doctor", "--json"],
    ];
    for (const args of lines) {
      const { code, stderr } = await runWith(outputs, args);
      assert.equal(code, 1, `${args}: ${stderr}`);
      assert.match(stderr, LINE, `${args}`);
    }
  });

  Deno.test(`stdout ${outputs}: an MCP server ends with 1, and no trace`, async () => {
    const { code, stderr } = await runWith(outputs, ["mcp"], {
      stdin: `${INITIALIZE}\n`,
    });
    assert.equal(code, 1, stderr);
    assert.match(stderr.split("\n").at(-2) ?? "", /^agentnet: standard output/);
    assert.doesNotMatch(stderr, /\bat .*:\d+:\d+|should not/);
  });
}

Deno.test("stdout >&-: a relay's commands that answer and end are 1 too, one line each", async () => {
  for (const words of ["admin stats --data .", "--print-limits", "--help"]) {
    const { code, stderr } = await runWith(">&-", [
      "relay",
      ...words.split(" "),
    ]);
    assert.equal(code, 1, words);
    assert.match(stderr, /^agentnet: standard output is closed[^\n]*\n$/);
  }
});

Deno.test("stderr that can't be written changes no exit code", async () => {
  for (const outputs of ["2>/dev/full", "2>&-"]) {
    const wrong = await runWith(outputs, ["nonsense"]);
    assert.equal(wrong.code, 2);
    const right = await runWith(outputs, ["version"]);
    assert.deepEqual([right.code, right.stdout.length > 0], [0, true]);
  }
});

Deno.test("messages: what went to a broken stdout stays unread", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: url });
  await bob.online({ relay: url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  await ada.run(["send", "tea", "hello"]);
  assert.equal(
    (await bob.run(["messages", "--wait", "60s", "--peek"])).code,
    0,
  );
  const env = { AGENTNET_DATA_DIR: bob.dataDir };
  const call = JSON.stringify({
    jsonrpc: "2.0",
    id: 2,
    method: "tools/call",
    params: { name: "messages", arguments: {} },
  });
  const initialized = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
  for (const outputs of [">/dev/full", ">&-"]) {
    for (const args of [["messages"], ["messages", "--json"]]) {
      assert.equal((await runWith(outputs, args, { env })).code, 1);
    }
    const stdin = `${INITIALIZE}\n${initialized}\n${call}\n`;
    assert.equal((await runWith(outputs, ["mcp"], { env, stdin })).code, 1);
  }
  const { stdout } = await bob.run(["messages"]);
  assert.match(stdout, /hello/);
});

Deno.test("daemon and relay: a log that can't be written, or an up line, ends neither", async () => {
  await using folder = await Stage.open();
  for (const outputs of ["2>/dev/full", ">/dev/full"]) {
    const program = await programWith(folder, outputs);
    await using stage = await Stage.open({ program });
    const ada = stage.agent("ada");
    const up = outputs.startsWith("2") ? /listening|API/ : /can't be written/;
    const data = `${stage.folder}/relay`;
    const deny = `${stage.folder}/deny`;
    await Deno.writeTextFile(deny, "");
    const relay = stage.start([
      ...["relay", "--listen", "127.0.0.1:0", "--data", data, "--deny", deny],
    ]);
    const daemon = stage.start(["daemon", "--relay", NO_RELAY], {
      env: { AGENTNET_DATA_DIR: ada.dataDir, AGENTNET_API: "127.0.0.1:0" },
    });
    await relay.line(up, 60_000);
    await daemon.line(up, 60_000);
    relay.kill("SIGHUP");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await using plain = await Stage.open();
    const stats = ["relay", "admin", "stats", "--data", data];
    assert.equal((await plain.run(stats)).code, 0, relay.output);
    const env = { AGENTNET_DATA_DIR: ada.dataDir };
    assert.equal((await plain.run(["status"], { env })).code, 0, daemon.output);
  }
});
