import assert from "node:assert/strict";
import { TYPE_WAYS, WAYS } from "../../fakes/import_ways.ts";
import { fired } from "../../fakes/lint_run.ts";

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
  assert.deepEqual(fired("lib/pow/a.ts", source), []);
});

Deno.test("layers: an absolute path of the project is judged like a relative one", () => {
  const path =
    new URL("../../../lib/text_rules/a.ts", import.meta.url).pathname;
  assert.deepEqual(fired(path, `import "../log.ts";`), ["layers"]);
  assert.deepEqual(fired(path, `import "./b.ts";`), []);
});
