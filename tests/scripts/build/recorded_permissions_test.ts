import assert from "node:assert/strict";
import { recordedMetadata } from "../../../scripts/build/recorded_permissions.ts";

const META = {
  argv: ["{", '"}'],
  permissions: { allow_net: ["h:1"], allow_run: null, prompt: false },
  entrypoint_key: "main.js",
  unstable_config: { features: ["worker-options"] },
};

const fileWith = (text: string) =>
  new TextEncoder().encode(`\x00\x7fELF{{"\x01${text}\x00{"}tail`);

Deno.test("recordedMetadata: found in the midst of anything", () => {
  const decoy = '{"permissions":{"allow_net":[]}}';
  const file = fileWith(`${decoy}\x00${JSON.stringify(META)}\x00${decoy}`);
  assert.deepEqual(recordedMetadata(file), META);
});

Deno.test("recordedMetadata: a file without any is an error", () => {
  assert.throws(
    () => recordedMetadata(fileWith('{"permissions":{}}')),
    /no metadata/,
  );
});
