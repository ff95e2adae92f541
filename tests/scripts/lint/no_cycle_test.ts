import assert from "node:assert/strict";
import { noCycle } from "../../../scripts/lint/no_cycle.ts";
import { TYPE_WAYS, WAYS } from "../../fakes/import_ways.ts";
import { fired, said } from "../../fakes/lint_run.ts";

/** The rule over files on a disk that can be changed, and a clock that can be turned. */
class Tree {
  readonly files = new Map<string, string>();
  now = 0;
  readonly rule = noCycle({
    read: (path) => this.files.get(path) ?? null,
    now: () => this.now,
  });

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) {
      this.files.set(path, text);
    }
  }

  lint(path: string, source = this.files.get(path) ?? ""): string[] {
    return said(this.rule, path, source);
  }
}

const RING = {
  "a/one.ts": `import { b } from "../b/two.ts"; b();`,
  "b/two.ts": `export const b = () => import("./three.ts");`,
  "b/three.ts": `import type { A } from "../a/one.ts"; export type C = A;`,
  "b/beside.ts": `import { b } from "./two.ts"; b();`,
};

Deno.test("no-cycle: each file of a ring is told the way round, one beside it is not", () => {
  const tree = new Tree(RING);
  assert.deepEqual(tree.lint("a/one.ts"), [
    "import cycle: a/one.ts → b/two.ts → b/three.ts → a/one.ts",
  ]);
  assert.deepEqual(tree.lint("b/two.ts"), [
    "import cycle: b/two.ts → b/three.ts → a/one.ts → b/two.ts",
  ]);
  assert.deepEqual(tree.lint("b/three.ts"), [
    "import cycle: b/three.ts → a/one.ts → b/two.ts → b/three.ts",
  ]);
  assert.deepEqual(tree.lint("b/beside.ts"), []);
});

Deno.test("no-cycle: every way to name a module closes a ring, types and workers too", () => {
  for (const way of [...WAYS, ...TYPE_WAYS]) {
    const tree = new Tree({ "a.ts": way("./b.ts"), "b.ts": way("./a.ts") });
    const ring = ["import cycle: a.ts → b.ts → a.ts"];
    assert.deepEqual(tree.lint("a.ts"), ring, way("./b.ts"));
  }
});

Deno.test("no-cycle: a file that names itself fires", () => {
  const tree = new Tree({ "a.ts": `export type A = import("./a.ts").A;` });
  assert.deepEqual(tree.lint("a.ts"), ["import cycle: a.ts → a.ts"]);
});

Deno.test("no-cycle: a file that is not saved is judged as it was handed in, both ways", () => {
  const tree = new Tree(RING);
  assert.deepEqual(tree.lint("b/three.ts", "export type C = 1;"), []);
  const closing = `import "../a/new.ts"; export const d = 1;`;
  tree.files.set("a/new.ts", `import "../b/two.ts";`);
  assert.deepEqual(tree.lint("b/three.ts", closing), [
    "import cycle: b/three.ts → a/new.ts → b/two.ts → b/three.ts",
  ]);
});

Deno.test("no-cycle: a change on disk is seen two seconds later", () => {
  const tree = new Tree(RING);
  assert.equal(tree.lint("a/one.ts").length, 1);
  tree.files.set("b/three.ts", "export type C = 1;");
  tree.now = 2_001;
  assert.deepEqual(tree.lint("a/one.ts"), []);
});

Deno.test("no-cycle: two records that point at each other may, and no third file with them", () => {
  const room = `import type { A } from "../rooms/seat.ts"; export type B = A;`;
  const tree = new Tree({
    "relay/core/rooms/room.ts": room,
    "relay/core/rooms/seat.ts": `import type { B } from "../rooms/room.ts";`,
  });
  assert.deepEqual(tree.lint("relay/core/rooms/room.ts"), []);
  tree.files.set(
    "relay/core/rooms/seat.ts",
    `import type { B } from "../rooms/room.ts";\nimport "../core.ts";`,
  );
  tree.files.set("relay/core/core.ts", `import "./rooms/seat.ts";`);
  tree.now = 3_000;
  assert.deepEqual(tree.lint("relay/core/core.ts"), [
    "import cycle: relay/core/core.ts → relay/core/rooms/seat.ts → relay/core/core.ts",
  ]);
});

Deno.test("no-cycle: the registry can't be imported by what it loads", () => {
  const source =
    `import { REGISTRY } from "../cli/registry.ts"; export const a = REGISTRY;`;
  const found = fired("commands/completion/propose_words.ts", source);
  assert.deepEqual(found, ["no-cycle"]);
});
