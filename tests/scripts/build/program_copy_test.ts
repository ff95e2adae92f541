import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  copyProgram,
  sourceFiles,
} from "../../../scripts/build/program_copy.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

Deno.test("copyProgram: what stands in for a relay's commands imports files that are there", async () => {
  const relay = new URL("wss://relay.example.org/v1/ws");
  using copy = await copyProgram(ROOT, { clientOnly: { relays: [relay] } });
  const sources = await sourceFiles(copy.folder);
  assert.ok(![...sources.keys()].some((path) => path.startsWith("relay/")));
  const missing = ["relay", "relay_admin", "relay_backup"].flatMap((name) => {
    const path = `commands/${name}.ts`;
    const imports = [...(sources.get(path) ?? "").matchAll(/from "(\..*?)"/g)];
    assert.ok(imports.length > 0, path);
    return imports.map(([, to = ""]) =>
      new URL(to, `file:///${path}`).pathname.slice(1)
    ).filter((to) => !sources.has(to));
  });
  assert.deepEqual(missing, []);
});

Deno.test("copyProgram: what a build sets stands where the program reads it, and nothing else is touched", async () => {
  const relay = new URL("wss://relay.example.org/v1/ws");
  const install = 'npx -y "@scope/agentnet@1.2.3" # it\'s';
  using copy = await copyProgram(ROOT, {
    clientOnly: { relays: [relay] },
    install,
  });
  const read = (name: string) =>
    import(new URL(`lib/client/${name}.ts`, `file://${copy.folder}/`).href);
  const { DEFAULT_RELAY } = await read("default_relay");
  const { INSTALL_LINE } = await read("install_line");
  assert.deepEqual([DEFAULT_RELAY, INSTALL_LINE], [relay.href, install]);
  using plain = await copyProgram(ROOT);
  const sources = await sourceFiles(plain.folder);
  for (const path of ["default_relay", "install_line"]) {
    const file = `lib/client/${path}.ts`;
    assert.equal(sources.get(file), await Deno.readTextFile(ROOT + file));
  }
});
