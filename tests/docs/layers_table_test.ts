import assert from "node:assert/strict";
import { COMMON, type Layer, LAYERS } from "../../scripts/lint/layer_table.ts";
import { codeIn, expanded, tableUnder } from "../fakes/markdown_table.ts";
import { projectText } from "../fakes/project_files.ts";

/** A cell: what is allowed, then "types of" and what is allowed of types alone. */
function documented(cell: string): string[] {
  const [values = "", types = ""] = cell.split("types of");
  const [as, ...more] = values.startsWith("as ") ? codeIn(values) : [];
  const paths = as === undefined ? codeIn(values) : more;
  return [
    ...(as === undefined ? [] : [`as ${as}`]),
    ...paths.flatMap(expanded),
    ...codeIn(types).flatMap(expanded).map((path) => `types of ${path}`),
    ...(cell === "anything" ? [cell] : []),
  ].sort();
}

function inTable({ as, may }: Layer): string[] {
  if (may === "anything") return [may];
  return [
    ...(as === undefined ? [] : [`as ${as}`]),
    ...may.map(({ path, typesOnly }) => typesOnly ? `types of ${path}` : path),
  ].sort();
}

Deno.test("docs/architecture.md, Layers: a row for each part, saying what the linted table says", () => {
  const page = projectText("docs/architecture.md");
  const told = tableUnder(page, "## Layers").flatMap(([part = "", may = ""]) =>
    (part === "every part" ? [part] : codeIn(part).flatMap(expanded))
      .map((one) => [one, documented(may)] as const)
  );
  const known = LAYERS.map((layer) => [layer.part, inTable(layer)] as const);
  assert.deepEqual(
    Object.fromEntries(told),
    Object.fromEntries([["every part", COMMON], ...known]),
  );
  assert.equal(told.length, known.length + 1, "a part has two rows");
});
