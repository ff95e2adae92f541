import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ImportGraph } from "../../../../scripts/lint/import_graph.ts";
import { target } from "../../../../scripts/lint/place.ts";
import { projectText, shippedFiles } from "../../../fakes/project_files.ts";

/** What is left of a source at run time, as far as imports go. */
const valuesOf = (source: string) =>
  source.replace(/^(?:import|export) type\b[^;]*;/gm, "");

const files = shippedFiles().filter((path) => /\.tsx?$/.test(path));
const users = files.filter((path) =>
  /^import\b[^;]*"node:crypto";/m.test(valuesOf(projectText(path)))
);
const graph = new ImportGraph({
  read: (path) => files.includes(path) ? valuesOf(projectText(path)) : null,
  resolve: target,
  ignores: () => false,
});

Deno.test("the keys of private rooms load no node:crypto, which costs the keeper 3 MB", () => {
  strictEqual(users.includes("lib/sealed/primitives.ts"), true);
  for (const part of ["keyring", "parse_key_question"]) {
    const ways = users.map((user) =>
      graph.way(`daemon/keeper/room_keys/${part}.ts`, user)
    );
    deepStrictEqual(ways.filter((way) => way !== null), []);
  }
});
