import assert from "node:assert/strict";
import { LATE_FLAGS, V8_FLAGS } from "../../scripts/v8_flags.ts";

Deno.test("scripts/rights.sh: the engine's flags are those of the list", () => {
  const script = Deno.readTextFileSync(
    new URL("../../scripts/rights.sh", import.meta.url),
  );
  const found = [...script.matchAll(/\bengine=(\S+)/g)].map(([, flags]) =>
    flags
  );
  assert.deepEqual(found, [V8_FLAGS, `$engine,${LATE_FLAGS}`]);
});
