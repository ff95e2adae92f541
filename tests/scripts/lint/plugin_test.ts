import assert from "node:assert/strict";
import plugin from "../../../scripts/lint/plugin.ts";
import { layerOf, LAYERS, refusal } from "../../../scripts/lint/layer_table.ts";

/** The rules that fire on a source at a path, each once, sorted. */
function fired(path: string, source: string): string[] {
  const found = Deno.lint.runPlugin(plugin, path, source);
  return [...new Set(found.map((one) => one.id.replace("agentnet/", "")))]
    .sort();
}

/** Sources that name `to` in every way there is. */
const WAYS: readonly ((to: string) => string)[] = [
  (to) => `import { a } from "${to}"; a();`,
  (to) => `import "${to}";`,
  (to) => `import * as a from "${to}"; a.b();`,
  (to) => `export { a } from "${to}"; export const b = 1;`,
  (to) => `export * from "${to}"; export const b = 1;`,
  (to) => `await import("${to}");`,
  (to) => `await import(\`${to}\`);`,
  (to) => `new Worker(new URL("${to}", import.meta.url));`,
  (to) => `const url = new URL("${to}", import.meta.url); f(url);`,
  (to) => `f(import.meta.resolve("${to}"));`,
];

const TYPE_WAYS: readonly ((to: string) => string)[] = [
  (to) => `import type { A } from "${to}"; export const a: A = 1;`,
  (to) => `import { type A, type B } from "${to}"; export const a: A | B = 1;`,
  (to) => `export type { A } from "${to}"; export const b = 1;`,
  (to) => `export type * from "${to}"; export const b = 1;`,
  (to) => `export const a: import("${to}").A = 1;`,
];

Deno.test("layers: every way to name a forbidden module fires", () => {
  for (const way of [...WAYS, ...TYPE_WAYS]) {
    const source = way("../../relay/keeper.ts");
    assert.deepEqual(fired("lib/client/a.ts", source), ["layers"], source);
  }
});

Deno.test("layers: every way to name an allowed module passes", () => {
  for (const way of [...WAYS, ...TYPE_WAYS]) {
    const source = way("../protocol/frames.ts");
    assert.deepEqual(fired("lib/client/a.ts", source), [], source);
  }
});

Deno.test("layers: where types alone are allowed, only types pass", () => {
  for (const way of TYPE_WAYS) {
    const source = way("../protocol/frames.ts");
    assert.deepEqual(fired("lib/local_api/a.ts", source), [], source);
  }
  for (const way of WAYS) {
    const source = way("../protocol/frames.ts");
    assert.deepEqual(fired("lib/local_api/a.ts", source), ["layers"], source);
  }
  const mixed = `import { type A, b } from "../protocol/frames.ts"; b();`;
  assert.deepEqual(fired("lib/local_api/a.ts", mixed), ["layers"]);
});

Deno.test("layers: a module named at run time fires, but not around the program", () => {
  const source = `await import(name);`;
  assert.deepEqual(fired("commands/a.ts", source), ["layers"]);
  assert.deepEqual(fired("scripts/a.ts", source), []);
  assert.deepEqual(fired("tests/a_test.ts", source), []);
});

Deno.test("layers: a URL of something else than a module passes", () => {
  const source = `new URL("../x.json", import.meta.url); new URL("./a.ts", b);`;
  assert.deepEqual(fired("lib/protocol/a.ts", source), []);
});

Deno.test("layers: an absolute path of the project is judged like a relative one", () => {
  const path =
    new URL("../../../lib/text_rules/a.ts", import.meta.url).pathname;
  assert.deepEqual(fired(path, `import "../log.ts";`), ["layers"]);
  assert.deepEqual(fired(path, `import "./b.ts";`), []);
});

Deno.test("refusal: one allowed and one forbidden import of each part", () => {
  const table: readonly [from: string, allowed: string, forbidden: string][] = [
    ["main.ts", "commands/run.ts", "daemon/keeper.ts"],
    ["commands/send.ts", "lib/local_api/client.ts", "lib/protocol/frames.ts"],
    ["commands/send.ts", "lib/guards/fence.ts", "daemon/keeper.ts"],
    ["commands/daemon.ts", "daemon/keeper.ts", "relay/keeper.ts"],
    ["commands/relay.ts", "relay/keeper.ts", "daemon/keeper.ts"],
    ["commands/doctor.ts", "lib/diagnosis/files.ts", "lib/client/line.ts"],
    ["commands/bench.ts", "lib/diagnosis/spread.ts", "lib/client/line.ts"],
    ["commands/mcp.ts", "mcp/serve.ts", "daemon/keeper.ts"],
    ["commands/send.ts", "lib/conversation/room_name.ts", "mcp/serve.ts"],
    ["commands/skill.ts", "skills/agentnet/SKILL.md", "mcp/serve.ts"],
    ["mcp/server.ts", "lib/rendering/message_list.ts", "commands/run.ts"],
    ["lib/rendering/a.ts", "lib/guards/fence.ts", "lib/errors.ts"],
    ["lib/conversation/a.ts", "lib/guards/secrets.ts", "lib/rendering/b.ts"],
    ["lib/diagnosis/a.ts", "lib/client/line.ts", "daemon/keeper.ts"],
    ["mcp/server.ts", "lib/local_api/client.ts", "daemon/keeper.ts"],
    ["daemon/a.ts", "lib/client/line.ts", "commands/run.ts"],
    ["daemon/a.ts", "daemon/http/gate.ts", "relay/keeper.ts"],
    ["relay/a.ts", "lib/protocol/frames.ts", "lib/client/line.ts"],
    ["relay/a.ts", "lib/text_rules/characters.ts", "daemon/keeper.ts"],
    ["lib/protocol/a.ts", "lib/protocol/b.ts", "lib/clock.ts"],
    ["lib/pow/a.ts", "lib/protocol/pow.ts", "lib/client/line.ts"],
    ["lib/client/a.ts", "lib/pow/pool.ts", "lib/local_api/types.ts"],
    ["lib/guards/a.ts", "lib/text_rules/characters.ts", "lib/errors.ts"],
    ["lib/local_api/a.ts", "lib/errors.ts", "daemon/keeper.ts"],
    ["lib/text_rules/a.ts", "lib/text_rules/b.ts", "lib/errors.ts"],
    ["lib/sandbox.ts", "lib/clock.ts", "lib/errors.ts"],
  ];
  for (const [from, allowed, forbidden] of table) {
    const options = { typesOnly: false };
    assert.equal(refusal(from, allowed, options), null, `${from} ${allowed}`);
    assert.ok(refusal(from, forbidden, options), `${from} ${forbidden}`);
  }
});

Deno.test("refusal: nothing shipped imports tests or scripts", () => {
  for (const { part, may } of LAYERS) {
    if (may === "anything") continue;
    const from = part.endsWith("/") ? `${part}a.ts` : part;
    assert.ok(refusal(from, "tests/fakes/a.ts", { typesOnly: true }), from);
    assert.ok(refusal(from, "scripts/demo.ts", { typesOnly: true }), from);
  }
});

Deno.test("layerOf: a file that no row covers has none, and its imports fire", () => {
  assert.equal(layerOf("elsewhere/a.ts"), undefined);
  assert.deepEqual(fired("elsewhere/a.ts", `import "./b.ts";`), ["layers"]);
});

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
  ["no-deno", "lib/protocol/a.ts", "Deno.readTextFile('a');", "read('a');"],
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
