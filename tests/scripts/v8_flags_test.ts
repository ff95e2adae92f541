import assert from "node:assert/strict";
import { V8_FLAGS } from "../../scripts/v8_flags.ts";

Deno.test("scripts/agentnet: the launcher sets the engine's flags of the list", () => {
  const launcher = Deno.readTextFileSync(
    new URL("../../scripts/agentnet", import.meta.url),
  );
  const words = launcher.slice(launcher.lastIndexOf("exec ")).split(/\s+/);
  assert.ok(words.includes(`--v8-flags=${V8_FLAGS}`));
});
