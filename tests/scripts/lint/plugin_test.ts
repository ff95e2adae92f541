import assert from "node:assert/strict";
import { fired } from "../../fakes/lint_run.ts";

Deno.test("import-map: inline and unknown packages fire, mapped ones and node: pass", () => {
  for (
    const name of ["npm:ws@8", "https://x.test/a.ts", "left-pad/a.js", "jsr:a"]
  ) {
    const source = `import "${name}";`;
    assert.deepEqual(fired("lib/pow/a.ts", source), ["import-map"], name);
  }
  for (const name of ["ws", "node:crypto", "@scure/base", "hono/cors"]) {
    assert.deepEqual(fired("lib/pow/a.ts", `import "${name}";`), [], name);
  }
});

/** rule, path, a source on which it fires, one on which it does not. */
const RULES: readonly [
  rule: string,
  path: string,
  fires: string,
  passes: string,
][] = [
  ["no-default-export", "lib/log.ts", "export default 1;", "export const a=1;"],
  [
    "no-default-export",
    "lib/log.ts",
    "const a = 1; export { a as default };",
    "const a = 1; export { a };",
  ],
  ["no-console", "daemon/a.ts", "console.log(1);", "log.info('a');"],
  ["no-console", "commands/a.ts", "Deno.exit(1);", "Deno.cwd();"],
  ["no-console", "commands/a.ts", "Deno['exit'](1);", "process.exit;"],
  [
    "no-empty-catch",
    "daemon/a.ts",
    "try { a(); } catch { /* so be it */ }",
    "try { a(); } catch (e) { log.warn(e); }",
  ],
  [
    "no-empty-catch",
    "daemon/a.ts",
    "a().catch(() => {});",
    "a().catch((e) => log.warn(e));",
  ],
  [
    "no-empty-catch",
    "daemon/a.ts",
    "a().catch(() => undefined);",
    "a().catch(report);",
  ],
  ["no-deno", "lib/client/a.ts", "Deno.readTextFile('a');", "read('a');"],
  ["no-deno", "lib/client/a.ts", "globalThis['Deno'];", "own['Deno'];"],
  ["no-deno", "lib/client/a.ts", "const { env } = Deno;", "const env = 1;"],
  [
    "one-websocket",
    "lib/client/a.ts",
    "new WebSocket('ws://a');",
    "new WebSocketServer();",
  ],
];

Deno.test("each rule: fires where it should, and not beside it", () => {
  for (const [rule, path, fires, passes] of RULES) {
    assert.deepEqual(fired(path, fires), [rule], fires);
    assert.deepEqual(fired(path, passes), [], passes);
  }
});

Deno.test("no-barrel: index, mod, utils, names out of style and files of re-exports fire", () => {
  for (const name of ["index", "mod", "utils", "helpers", "FrameKit", "a-b"]) {
    const path = `lib/pow/${name}.ts`;
    assert.deepEqual(fired(path, "export const a = 1;"), ["no-barrel"], name);
  }
  const barrel = `export * from "./a.ts"; export { b } from "./b.ts";`;
  assert.deepEqual(fired("lib/pow/all.ts", barrel), ["no-barrel"]);
  const more = `export * from "./a.ts"; export const b = 1;`;
  assert.deepEqual(fired("lib/pow/all.ts", more), []);
});

Deno.test("exemptions: main.ts may exit, the transport may dial, tests and scripts may do either", () => {
  assert.deepEqual(fired("main.ts", "Deno.exit(1);"), []);
  const dial = "new WebSocket('ws://a');";
  assert.deepEqual(fired("lib/client/websocket_transport.ts", dial), []);
  for (const path of ["tests/e2e/a_test.ts", "scripts/a.ts"]) {
    assert.deepEqual(fired(path, `${dial} console.log(1);`), [], path);
  }
});
