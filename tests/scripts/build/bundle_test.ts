import assert from "node:assert/strict";
import {
  bundleName,
  findWorkers,
  importBuiltins,
  inAscii,
  pointAtBundles,
} from "../../../scripts/build/bundle.ts";

const starts = (path: string) =>
  `new Worker(\n  new URL("${path}", import.meta.url), {});`;

Deno.test("findWorkers: every entry once, as a path from the root", () => {
  const sources = new Map([
    ["daemon/a.ts", starts("./one.ts") + starts("../lib/pow/two.ts")],
    ["lib/b.ts", starts("./pow/two.ts")],
    ["lib/c.ts", "export const nothing = 1;"],
  ]);
  assert.deepEqual(findWorkers(sources), ["daemon/one.ts", "lib/pow/two.ts"]);
});

Deno.test("findWorkers: a name in a comment is none", () => {
  const line = 'new URL("./x.ts", import.meta.url)';
  const text = `/** Like ${line}. */\n/**\n * ${line}\n */\n// ${line}\n`;
  assert.deepEqual(findWorkers(new Map([["lib/a.ts", text]])), []);
});

Deno.test("findWorkers: two entries of one name can't stand in one folder", () => {
  const sources = new Map([
    ["daemon/a.ts", starts("./worker.ts")],
    ["relay/a.ts", starts("./worker.ts")],
  ]);
  assert.throws(() => findWorkers(sources), /worker\.ts: daemon.*relay/);
});

Deno.test("pointAtBundles: worker addresses name the bundle beside, nothing else changes", () => {
  const code = `const a = 1; ${starts("../lib/pow/two.ts")} b("./two.ts");`;
  assert.equal(
    pointAtBundles(code),
    `const a = 1; ${starts("./two.js")} b("./two.ts");`,
  );
  assert.equal(bundleName("lib/pow/two.ts"), "two.js");
});

Deno.test("inAscii: the code is ASCII alone and means the same", () => {
  const code = 'const s = "œ😀…"; const r = /^[œ😀]$/u; const t = `${s}\\—`; ' +
    "return [s, r.test('😀'), t]; // é";
  const escaped = inAscii(code);
  assert.match(escaped, /^[\0-\x7f]*$/);
  assert.deepEqual(new Function(escaped)(), ["œ😀…", true, "œ😀…—"]);
});

const LOADER = 'import { createRequire as load } from "node:module";\n' +
  "var __require = load(import.meta.url);\n";

Deno.test("importBuiltins: a package has the same modules of Node as by the loader, which is not there", async () => {
  const code = `// before\n${LOADER}` +
    'export const path = __require("node:path");\n' +
    'export const isSame = path === __require("node:path");\n' +
    'export const { EventEmitter } = __require("node:events");\n' +
    'export let failed; try { __require("bufferutil"); } catch (e) { failed = e; }\n';
  const changed = importBuiltins(code);
  assert.doesNotMatch(changed, /node:module|createRequire/);
  const url = `data:text/javascript,${encodeURIComponent(changed)}`;
  const found = await import(url);
  const { createRequire } = await import("node:module");
  const load = createRequire(import.meta.url);
  assert.equal(found.path, load("node:path"));
  assert.equal(found.isSame, true);
  assert.equal(found.EventEmitter, load("node:events").EventEmitter);
  assert.match(found.failed.message, /no module bufferutil/);
});

Deno.test("importBuiltins: code without the loader stays as it is", () => {
  const code = 'import { createRequire } from "node:module";\n' +
    "var __commonJS = (cb, mod) => function __require() {};\n";
  assert.equal(importBuiltins(code), code);
});

Deno.test("importBuiltins: a loader that is written otherwise is told, not passed on", () => {
  const code = `${LOADER.replace("var", "const")}__require("node:path");\n`;
  assert.throws(() => importBuiltins(code), /a loader that is not known/);
});
