import assert from "node:assert/strict";
import { expanded } from "../fakes/markdown_table.ts";
import { projectText } from "../fakes/project_files.ts";

const ROOT = new URL("../../", import.meta.url);
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  ...names("docs").filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

function names(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].map(({ name }) => name);
}

/** Every file from the root, but for those of no folder of ours. */
function filesUnder(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (!entry.isDirectory) return [path];
    return /^(\.git|node_modules|dist)$/.test(entry.name)
      ? []
      : filesUnder(`${path}/`);
  });
}

/** Paths of files, and all that they end in: a page about one folder names its files from there. */
const ENDS = new Set(
  filesUnder("./").flatMap((path) => {
    const parts = path.split("/").slice(1);
    return parts.map((_, at) => parts.slice(at).join("/"));
  }),
);

/** Code that a page names by its file; NAME stands for a new one. */
function named(page: string): string[] {
  return [...page.matchAll(/`([^`\s]+\.(?:tsx?|sh))`/g)]
    .flatMap(([, text = ""]) => expanded(text))
    .filter((path) => /^[\w./-]+$/.test(path) && !path.includes("NAME"));
}

Deno.test("docs: every file of code that a page names is there", () => {
  const all = PAGES.flatMap((page) =>
    named(projectText(page)).map((path) => ({ page, path }))
  );
  assert.ok(all.length > 200, `${all.length}`);
  assert.deepEqual(all.filter(({ path }) => !ENDS.has(path)), []);
});
