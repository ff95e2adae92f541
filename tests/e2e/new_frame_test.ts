import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

interface Change {
  /** The file that is changed, from the root. */
  readonly path: string;
  /** Text of it, and what stands there instead. */
  readonly swaps: readonly (readonly [string, string])[];
  /** What is checked with it. */
  readonly entries: readonly string[];
}

/** The files in which the compiler finds faults when one file of the project is changed, sorted. */
async function faultsAfter(change: Change): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-check-" });
  try {
    await Deno.writeTextFile(`${folder}/changed.ts`, changedText(change));
    await Deno.copyFile(new URL("deno.lock", ROOT), `${folder}/deno.lock`);
    const config = JSON.stringify(await configFor(change.path));
    await Deno.writeTextFile(`${folder}/deno.json`, config);
    return await check(`${folder}/deno.json`, change.entries);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The file's text with the swaps made, and its own imports found from anywhere. */
function changedText({ path, swaps }: Change): string {
  const url = new URL(path, ROOT);
  let text = Deno.readTextFileSync(url);
  for (const [from, to] of swaps) {
    assert.equal(text.split(from).length, 2, `${path} has not one: ${from}`);
    text = text.replace(from, () => to);
  }
  return text.replace(
    /from "(\.[^"]+)"/g,
    (_, specifier) => `from "${new URL(specifier, url)}"`,
  );
}

/** The project's configuration, with the changed file in the place of one. */
async function configFor(path: string): Promise<object> {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  const { unstable, nodeModulesDir, compilerOptions, imports } = JSON.parse(
    text,
  );
  const swapped = { [new URL(path, ROOT).href]: "./changed.ts" };
  return {
    unstable,
    nodeModulesDir,
    compilerOptions,
    imports: { ...imports, ...swapped },
  };
}

async function check(
  config: string,
  entries: readonly string[],
): Promise<string[]> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--config", config, ...entries],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  const places = [...said.matchAll(/^ {4}at (file:\S+?):\d+:\d+$/gm)]
    .map(([, url = ""]) => url.replace(ROOT.href, ""));
  assert.equal(code === 0, places.length === 0, said);
  return [...new Set(places)].sort();
}

/** All that reads, writes or signs frames, and the relay that tests put before a client. */
const ENTRIES = [
  "daemon/keeper/keeper.ts",
  "daemon/worker/session_worker.ts",
  "relay/shell/socket_worker.ts",
  "tests/fakes/scripted_relay.ts",
];

Deno.test("a new frame of an agent, or of a relay: a compile error in each place that must know it", async () => {
  const change: Change = {
    path: "lib/protocol/frames.ts",
    swaps: [
      [
        "export type AgentFrame =\n",
        'export interface Probe extends Signed { readonly type: "probe" }\n' +
        "export type AgentFrame =\n  | Probe\n",
      ],
      [
        "export type RelayFrame =\n",
        'export interface Probed { readonly type: "probed" }\n' +
        "export type RelayFrame =\n  | Probed\n",
      ],
    ],
    entries: ENTRIES,
  };
  assert.deepEqual(await faultsAfter(change), [
    "daemon/keeper/signer.ts",
    "lib/client/connection_core.ts",
    "lib/protocol/agent_frame_shapes.ts",
    "lib/protocol/relay_frame_shapes.ts",
    "relay/core/edge/frame_dispatch.ts",
    "relay/core/texts.ts",
    "tests/fakes/scripted_relay.ts",
  ]);
});

Deno.test("a new message of the session worker: a compile error where the keeper reads and where it answers", async () => {
  const change: Change = {
    path: "daemon/worker/keeper_messages.ts",
    swaps: [[
      '| { readonly type: "stop_wanted" };',
      '| { readonly type: "stop_wanted" } | { readonly type: "probe" };',
    ]],
    entries: ["daemon/keeper/keeper.ts"],
  };
  assert.deepEqual(await faultsAfter(change), [
    "daemon/keeper/parse_worker_message.ts",
    "daemon/keeper/session_supervisor.ts",
  ]);
});
