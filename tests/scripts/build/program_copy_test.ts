import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  copyProgram,
  sourceFiles,
} from "../../../scripts/build/program_copy.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

Deno.test("copyProgram: what stands in for a relay's commands imports files that are there", async () => {
  const relay = new URL("wss://relay.example.org/v1/ws");
  using copy = await copyProgram(ROOT, { relays: [relay] });
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
