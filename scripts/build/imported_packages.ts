/** Names of the packages that sources import, by the import map's own names (`hono/cors` is of `hono`). */
export function importedPackages(
  sources: Iterable<string>,
  map: Readonly<Record<string, string>>,
): Set<string> {
  const found = new Set<string>();
  for (const text of sources) {
    for (const [, specifier] of text.matchAll(IMPORT)) {
      const name = packageOf(specifier as string);
      if (name in map) found.add(name);
    }
  }
  return found;
}

/** `from "x"`, `import "x"` and `import("x")`. */
const IMPORT = /\b(?:from|import)\s*\(?\s*"([^".][^"]*)"/g;

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
