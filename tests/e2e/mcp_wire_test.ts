// What a host of any make writes to the MCP server's process, byte by byte.

import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);
/** A bound on what hangs, in milliseconds. */
const HANG_MS = 60_000;

const request = (id: number, method: string, params?: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });
const INITIALIZE = request(0, "initialize", {
  ...{ protocolVersion: "2025-06-18", capabilities: {} },
  clientInfo: { name: "host", version: "1" },
});

Deno.test("mcp: every line that asks is answered, however it is malformed, and what was asked before the input ended", async () => {
  await using stage = await Stage.open();
  const lines = [
    INITIALIZE,
    "{not json",
    "",
    "x".repeat(5_000_000),
    `[${request(1, "ping")},${request(2, "ping")}]`,
    request(3, "ping", null),
    request(4, "tools/call", null),
    request(5, "tools/call", { name: "status", arguments: null }),
    request(6, "tools/call", { name: "history", arguments: { limit: "9" } }),
    request(7, "logging/setLevel", { level: "error" }),
    `{"id":8,"method":"ping"}`,
    request(9, "resources/read", { uri: "agentnet://rooms" }),
    // Without a line's end.
    request(10, "ping"),
  ];
  const { code, stdout, stderr } = await stage.agent("ada")
    .run(["mcp"], { stdin: lines.join("\n") });
  assert.equal(code, 0, stderr);
  const said = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const found = said.map(({ id, error }) => `${id} ${error?.code ?? "ok"}`);
  assert.deepEqual(found.toSorted(), [
    ...["0 ok", "1 -32600", "10 ok", "2 -32600", "3 ok", "4 -32602", "5 ok"],
    ...["6 ok", "7 ok", "8 -32600", "9 -32603", "null -32600", "null -32700"],
  ]);
  const text = (id: number) => {
    const one = said.find((answer) => answer.id === id);
    return one.error?.message ?? one.result.content[0].text;
  };
  assert.match(text(5), /^RELAY_URL_MISSING: /);
  assert.match(text(6), /^USAGE: history: room is missing; /);
  assert.match(text(9), /^RELAY_URL_MISSING: .*; in a shell: agentnet up/);
  assert.doesNotMatch(stdout, /invalid_type|expected/);
});

const envOf = (stage: Stage) => ({
  ...{ DENO: Deno.execPath(), NO_COLOR: "1" },
  AGENTNET_DATA_DIR: `${stage.folder}/ada`,
});

/** Starts the server with one socket for its input and its output, and hands over the other end. */
async function overSocket(stage: Stage) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const shell = 'exec 3<>"/dev/tcp/127.0.0.1/$0" && exec "$@" <&3 >&3 3>&-';
  const child = new Deno.Command("bash", {
    args: ["-c", shell, `${port}`, LAUNCHER, "mcp"],
    env: envOf(stage),
    ...{ stdin: "null", stdout: "null", stderr: "null" },
  }).spawn();
  const end = setTimeout(() => child.kill("SIGKILL"), HANG_MS);
  return {
    host: await listener.accept(),
    code: child.status.then(({ code }) => {
      clearTimeout(end);
      return code;
    }),
  };
}

for (const leaves of ["with all read", "with an answer unread"] as const) {
  Deno.test(`mcp: over one socket it ends when the host goes, ${leaves}`, async () => {
    await using stage = await Stage.open();
    const { host, code } = await overSocket(stage);
    await host.write(new TextEncoder().encode(`${INITIALIZE}\n`));
    let heard = "";
    // The rest of the answer then lies in the socket, which resets it.
    const size = leaves === "with all read" ? 65_536 : 1;
    while (size > 1 ? !heard.endsWith("\n") : heard === "") {
      const bytes = new Uint8Array(size);
      const count = await host.read(bytes);
      assert.ok(count, "the server closed its end");
      heard += new TextDecoder().decode(bytes.subarray(0, count));
    }
    host.close();
    assert.equal(await code, 0);
  });
}

/** One end of a socket of the system for both, which the runtime treats otherwise than one of TCP. */
const SOCKET_PAIR = `
import select, socket, subprocess, sys
host, server = socket.socketpair()
child = subprocess.Popen(sys.argv[2:], stdin=server, stdout=server)
server.close()
host.sendall(sys.argv[1].encode() + b"\\n")
select.select([host], [], [])
host.close()
try:
    print(child.wait(${HANG_MS / 1_000}))
except subprocess.TimeoutExpired:
    child.kill()
    print("runs on")
`;

async function hasPython(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("python3", {
      args: ["-c", ""],
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test({
  name: "mcp: over one socket of the system it ends when the host goes",
  ignore: !await hasPython(),
  async fn() {
    await using stage = await Stage.open();
    const { stdout } = await new Deno.Command("python3", {
      args: ["-c", SOCKET_PAIR, INITIALIZE, LAUNCHER, "mcp"],
      env: envOf(stage),
    }).output();
    assert.equal(new TextDecoder().decode(stdout), "0\n");
  },
});

Deno.test("mcp: an answer that can't be written ends it, with one line and an exit code", async () => {
  await using stage = await Stage.open();
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$0" mcp >/dev/full', LAUNCHER],
    signal: AbortSignal.timeout(HANG_MS),
    env: envOf(stage),
    ...{ stdin: "piped", stdout: "null", stderr: "piped" },
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  // The input stays open: it is the output that ends it.
  await writer.write(new TextEncoder().encode(`${INITIALIZE}\n`));
  const { code, stderr } = await output;
  await writer.abort().catch(() => "closed with the process");
  assert.equal(code, 1);
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
  const told = lines.filter((line) => !line.includes("no relay is named"));
  assert.equal(told.length, 1, lines.join("\n"));
  assert.match(told[0] ?? "", /^agentnet: .*no space is left/);
});
