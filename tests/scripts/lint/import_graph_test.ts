import assert from "node:assert/strict";
import {
  ImportGraph,
  namedModules,
} from "../../../scripts/lint/import_graph.ts";
import { isRelative, target } from "../../../scripts/lint/place.ts";
import { TYPE_WAYS, WAYS } from "../../fakes/import_ways.ts";
import { sitesOf } from "../../fakes/lint_run.ts";
import {
  isInProject,
  projectFiles,
  projectText,
  shippedFiles,
} from "../../fakes/project_files.ts";

/** A graph of files by what they name. */
function graphOf(files: Readonly<Record<string, readonly string[]>>) {
  return new ImportGraph({
    read: (path) =>
      files[path]?.map((to) => `import "${to}";`).join("\n") ?? null,
    resolve: target,
    ignores: () => false,
  });
}

Deno.test("namedModules: every way to name a module, over several lines too", () => {
  for (const way of [...WAYS, ...TYPE_WAYS]) {
    assert.deepEqual(namedModules(way("../b.ts")), ["../b.ts"], way("../b.ts"));
  }
  const long = `import {\n  type A,\n  b,\n} from "./b.ts";\nb();\n`;
  assert.deepEqual(namedModules(long), ["./b.ts"]);
});

Deno.test("namedModules: packages, other URLs and comments are none", () => {
  const sources = [
    `import { a } from "ws";`,
    `new URL("./a.json", import.meta.url);`,
    ` * new URL("./b.ts", import.meta.url);`,
    ` * import { a } from "./b.ts";`,
    `// import "./b.ts";`,
    `export const from = "./b.ts";`,
  ];
  for (const source of sources) {
    assert.deepEqual(namedModules(source), [], source);
  }
});

Deno.test("namedModules: finds what the syntax trees of the whole project have, and no other file of it", () => {
  const paths = [
    ...shippedFiles(),
    ...projectFiles("scripts/", "tests/").filter(isNoTestOfLint),
  ];
  for (const path of paths) {
    const source = projectText(path);
    const files = (specifiers: readonly (string | null)[]) =>
      new Set(
        specifiers.filter((one) => one !== null && isRelative(one))
          .map((one) => target(path, `${one}`)).filter(isInProject),
      );
    const wanted = files(sitesOf(source).map(({ specifier }) => specifier));
    assert.deepEqual(files(namedModules(source)), wanted, path);
  }
  assert.ok(paths.length > 600);
});

/** Those hold sources as texts. */
const isNoTestOfLint = (path: string) =>
  !path.startsWith("tests/scripts/lint/");

Deno.test("ImportGraph.way: a shortest way, null where there is none, and rings don't hold it up", () => {
  const graph = graphOf({
    "a/one.ts": ["./two.ts", "../b/three.ts"],
    "a/two.ts": ["./one.ts", "../b/three.ts"],
    "b/three.ts": ["./four.ts"],
  });
  assert.deepEqual(graph.way("a/one.ts", "b/four.ts"), [
    "a/one.ts",
    "b/three.ts",
    "b/four.ts",
  ]);
  assert.deepEqual(graph.way("a/one.ts", "a/one.ts"), ["a/one.ts"]);
  assert.equal(graph.way("b/four.ts", "a/one.ts"), null);
  assert.equal(graph.way("a/one.ts", "a/three.ts"), null);
});
