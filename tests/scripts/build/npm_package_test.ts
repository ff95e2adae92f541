import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import denoJson from "../../../deno.json" with { type: "json" };
import { TARGETS } from "../../../scripts/build/targets.ts";
import { compileFlags } from "../../../scripts/build/compile_flags.ts";
import {
  DENO_VERSION,
  npmManifest,
  windowsArguments,
} from "../../../scripts/build/npm_package.ts";
import {
  fillIn,
  scriptTemplate,
  sharedValues,
} from "../../../scripts/build/shell_head.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

Deno.test("npmManifest: a scoped name, the launcher's Deno exactly, and nothing that runs at installation", async () => {
  const manifest = npmManifest();
  assert.match(`${manifest.name}`, /^@[a-z0-9-]+\/agentnet$/);
  assert.equal(manifest.version, denoJson.version);
  assert.deepEqual(manifest.dependencies, { deno: DENO_VERSION });
  assert.equal("scripts" in manifest, false);
  const launcher = await Deno.readTextFile(`${ROOT}scripts/agentnet`);
  assert.equal(/^version=(\S+)$/m.exec(launcher)?.[1], DENO_VERSION);
});

Deno.test("windowsArguments: the rights and the engine's flags of a compiled file for Windows, and each command's modules alone", () => {
  const target = TARGETS.find(({ suffix }) => suffix === ".exe");
  assert.ok(target);
  const ofCompile = /^--(app-name|target|include|output)|^agentnet$/;
  const compiled = compileFlags({ target, output: "agentnet" })
    .filter((flag) => !ofCompile.test(flag));
  assert.deepEqual(
    windowsArguments().toSorted(),
    ["run", "--unstable-lazy-dynamic-imports", ...compiled].toSorted(),
  );
});

Deno.test("launch.sh: with all that it shares it is a script that a shell can read, with the launcher's rights", async () => {
  const template = await scriptTemplate("./npm/launch.sh");
  const script = fillIn(template, { ...sharedValues(), VERSION: "1.2.3" });
  assert.equal(/@[A-Z_]+@/.exec(script), null);
  const launcher = await Deno.readTextFile(`${ROOT}scripts/agentnet`);
  const flags = (text: string) =>
    [...text.matchAll(/--(?:allow-(?:read|write|sys)|deny-|no-prompt)\S*/g)]
      .map(([flag]) => flag);
  assert.deepEqual(flags(script), flags(launcher));
  const env = /--allow-env=([A-Z]\S+)/.exec(launcher)?.[1];
  assert.equal(/^allowed_env=(\S+)$/m.exec(script)?.[1], env);
});

Deno.test("fillIn: a place that no value is given for is an error", () => {
  assert.equal(fillIn("a@B@c", { B: "@D@" }), "a@D@c");
  assert.throws(() => fillIn("@B@", { C: "" }), /@B@/);
});
