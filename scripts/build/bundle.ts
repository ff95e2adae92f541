import { basename, dirname, join } from "node:path";

/** A worker's entry as its starter names it: `new URL("./x.ts", import.meta.url)`. */
const WORKER_URL = /new URL\("(\.{1,2}\/[^"]+\.ts)",\s*import\.meta\.url\)/g;

/** Every worker entry under the folders, as paths; each basename stands once. */
export function findWorkers(sources: ReadonlyMap<string, string>): string[] {
  const found = new Map<string, string>();
  for (const [path, text] of sources) {
    for (const [, relative] of withoutComments(text).matchAll(WORKER_URL)) {
      const entry = join(dirname(path), relative as string);
      const rival = found.get(basename(entry));
      if (rival !== undefined && rival !== entry) {
        throw new Error(
          `two worker entries are called ${
            basename(entry)
          }: ${rival} and ${entry}`,
        );
      }
      found.set(basename(entry), entry);
    }
  }
  return [...found.values()].sort();
}

/** Comments that fill whole lines name files too, as examples. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, "");
}

/**
 * Points every worker URL of a bundled file at the bundle beside it: bundles stand in one folder, under the
 * basename of their entry with `.js`.
 */
export function pointAtBundles(code: string): string {
  return code.replace(
    WORKER_URL,
    (_, relative: string) =>
      `new URL("./${bundleName(relative)}", import.meta.url)`,
  );
}

/**
 * Writes every character beyond ASCII as an escape, as code may in strings, templates and regular expressions: one
 * such character anywhere, and the engine holds the whole text with two bytes for each character.
 */
export function inAscii(code: string): string {
  return code.replace(
    /(\\*)([^\0-\x7f])/g,
    (_, slashes: string, unit: string) => {
      // A needless backslash before it would make the escape's own a plain one.
      const kept = slashes.length % 2 === 0 ? slashes : slashes.slice(1);
      const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
      return `${kept}\\u${hex}`;
    },
  );
}

/** Name of the bundle of a worker's entry. */
export function bundleName(entry: string): string {
  return basename(entry).replace(/\.ts$/, ".js");
}

/** How the bundler has a CommonJS package ask for the runtime's modules: by the runtime's loader of such packages. */
const LOADER =
  /^import \{ createRequire as (\w+) \} from "node:module";\nvar __require = \1\(import\.meta\.url\);\n/m;

/**
 * Has CommonJS packages of a bundled file get the runtime's modules by plain imports. The loader, of which nothing else
 * is needed, costs a thread a megabyte. What is none of the runtime's is not there, as before.
 *
 * @throws Error where the bundler writes its loader otherwise: the lines here are then to be changed with it
 */
export function importBuiltins(code: string): string {
  if (!LOADER.test(code)) {
    if (!/\b__require\("/.test(code)) return code;
    throw new Error("a bundle asks for modules by a loader that is not known");
  }
  const names = new Set(
    [...code.matchAll(/\b__require\("(node:[\w/]+)"\)/g)].map(([, name]) =>
      name as string
    ),
  );
  const list = [...names].sort().map((name, i) => ({ name, as: `__node${i}` }));
  const lines = [
    ...list.map(({ name, as }) => `import ${as} from "${name}";`),
    "var __builtins = {",
    ...list.map(({ name, as }) => `  "${name}": ${as},`),
    "};",
    "var __require = (name) => {",
    "  if (Object.hasOwn(__builtins, name)) return __builtins[name];",
    "  throw new Error(`no module ${name}`);",
    "};",
  ];
  return code.replace(LOADER, () => `${lines.join("\n")}\n`);
}
