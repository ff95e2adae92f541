import assert from "node:assert/strict";
import { ENV_NAMES, PERMISSION_FLAGS } from "../../scripts/permissions.ts";

const ROOT = new URL("../../", import.meta.url);

/** Every TypeScript file under the folders that are shipped. */
function* shippedFiles(): Generator<URL> {
  yield new URL("main.ts", ROOT);
  const folders = ["commands/", "daemon/", "lib/", "relay/", "mcp/"];
  for (const folder of folders) yield* filesIn(new URL(folder, ROOT));
}

function* filesIn(folder: URL): Generator<URL> {
  for (const entry of entriesOf(folder)) {
    if (entry.isDirectory) yield* filesIn(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) yield new URL(entry.name, folder);
  }
}

function entriesOf(folder: URL): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function read(file: URL): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

Deno.test("scripts/agentnet: the launcher's permissions are those of the list", () => {
  const launcher = read(new URL("scripts/agentnet", ROOT));
  const words = launcher.slice(launcher.lastIndexOf("launch ")).split(/\s+/);
  const flags = words.filter((word) => /^--(no-prompt|allow|deny)/.test(word));
  // Which network a command gets stands in scripts/rights.sh.
  assert.ok(words.includes('"$net"'));
  const list = PERMISSION_FLAGS.filter((flag) => flag !== "--allow-net");
  assert.deepEqual(flags.sort(), list.sort());
});

Deno.test("ENV_NAMES: every AGENTNET_ name in the program is listed, and every listed one is used", () => {
  const used = new Set<string>();
  for (const file of shippedFiles()) {
    for (const [name] of read(file).matchAll(/\bAGENTNET_[A-Z_]+\b/g)) {
      used.add(name);
    }
  }
  const listed = ENV_NAMES.filter((name) => name.startsWith("AGENTNET_"));
  assert.deepEqual([...used].sort(), [...listed].sort());
});

Deno.test("ENV_NAMES: no name twice, and nothing that would open the whole environment", () => {
  assert.equal(new Set(ENV_NAMES).size, ENV_NAMES.length);
  for (const name of ENV_NAMES) assert.match(name, /^[A-Za-z_0-9]+$/);
});
