import assert from "node:assert/strict";
import { projectFiles } from "../../fakes/project_files.ts";

/** A part of the project within which a file's name means one thing: a folder of the root, or one of lib/. */
function partOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "lib" && !second.endsWith(".ts")
    ? `${first}/${second}`
    : first;
}

Deno.test("no two files of one part have one name", () => {
  const folders = ["commands/", "daemon/", "lib/", "mcp/", "relay/"];
  const files = projectFiles(...folders, "scripts/");
  const twins = [
    ...Map.groupBy(
      files,
      (path) => `${partOf(path)}: ${path.split("/").at(-1)}`,
    ),
  ]
    .filter(([, paths]) => paths.length > 1);
  assert.deepEqual(twins, []);
  assert.ok(files.length > 300);
});
