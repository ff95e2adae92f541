// Writes the table of docs/architecture.md, "Layers", from scripts/lint/layer_table.ts; a test holds both together.
//
//   deno task layers

import { COMMON, type Layer, LAYERS } from "./lint/layer_table.ts";

const PAGE = new URL("../docs/architecture.md", import.meta.url);
const HEAD = "| part | may import |\n| --- | --- |";
const EVERY = `| every part | ${listed(COMMON)} |`;

/** Paths in code marks, those that differ in one name as `lib/{a,b}/`. */
function listed(paths: readonly string[]): string {
  const groups = Map.groupBy(paths, (path) => {
    const { before = "", after } = split(path) ?? {};
    return after === undefined ? path : `${before}*${after}`;
  });
  return [...groups].map(([key, group]) => {
    if (group.length === 1) return `\`${group[0]}\``;
    const names = group.map((path) => split(path)?.name).join(",");
    return `\`${key.replace("*", () => `{${names}}`)}\``;
  }).join(", ");
}

/** The last name of a path, and what stands around it. */
function split(path: string): Record<string, string> | undefined {
  return path.match(/^(?<before>.*\/)(?<name>\w+)(?<after>\/|\.ts)$/)?.groups;
}

function cell({ as, may }: Layer): string {
  if (may === "anything") return may;
  const paths = (typesOnly: boolean) =>
    may.filter((one) => (one.typesOnly ?? false) === typesOnly)
      .map(({ path }) => path);
  const values = listed(paths(false));
  const types = listed(paths(true));
  const parts = [
    as === undefined ? values : `as \`${as}\`, and ${values}`,
    types === "" ? "" : `types of ${types}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing else" : parts.join("; ");
}

const rows = [...Map.groupBy(LAYERS, cell)].map(([may, layers]) =>
  `| ${listed(layers.map(({ part }) => part))} | ${may} |`
);
const page = Deno.readTextFileSync(PAGE);
const [before = "", after = ""] = page.split(/(?<=\n## Layers\n)/);
const table = /\n\|(?:.*\n\|)*.*\n/;
if (!table.test(after)) throw new Error("docs/architecture.md has no table");
const made = after.replace(
  table,
  () => `\n${[HEAD, EVERY, ...rows].join("\n")}\n`,
);
Deno.writeTextFileSync(PAGE, before + made);
