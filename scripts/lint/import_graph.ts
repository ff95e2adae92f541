/**
 * The relative specifiers that a source names, in every way that `importSites` knows. Read from the text and not from
 * a syntax tree, of which a lint rule is given no other file's; a test holds both against each other over the tree. The
 * text is formatted by `deno fmt`: statements begin their lines, quotes are double.
 */
export function namedModules(source: string): string[] {
  const code = source.replaceAll(COMMENT, "");
  return WAYS.flatMap((way) =>
    [...code.matchAll(way)].flatMap(([, specifier]) => specifier ?? [])
  );
}

const COMMENT = /^[ ]*(?:\/\/|\/?\*).*$/gm;
const WAYS: readonly RegExp[] = [
  /^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*"(\.[^"]+)"/gm,
  /\bimport\(\s*["`](\.[^"`$]+)["`]/g,
  /\bnew URL\(\s*"(\.[^"]+\.[jt]s)",\s*import\.meta\.url/g,
  /\bimport\.meta\.resolve\(\s*"(\.[^"]+)"/g,
];

export interface ImportGraphOptions {
  /** A file's text by its path from the root; null where there is none such. */
  readonly read: (path: string) => string | null;
  /** The path that a specifier means, from a file. */
  readonly resolve: (from: string, specifier: string) => string;
  /** Whether a file's naming another is left out of the graph. */
  readonly ignores: (from: string, to: string) => boolean;
}

/** Which file names which, each read once. */
export class ImportGraph {
  readonly #options: ImportGraphOptions;
  readonly #named = new Map<string, readonly string[]>();

  constructor(options: ImportGraphOptions) {
    this.#options = options;
  }

  /** A shortest way from one file to another along what each names, both included; null where there is none. */
  way(from: string, to: string): string[] | null {
    const before = new Map<string, string | null>([[from, null]]);
    for (const path of before.keys()) {
      if (path === to) return backwards(path, before);
      for (const next of this.#namedBy(path)) {
        if (!before.has(next)) before.set(next, path);
      }
    }
    return null;
  }

  #namedBy(path: string): readonly string[] {
    const known = this.#named.get(path);
    if (known !== undefined) return known;
    const { read, resolve, ignores } = this.#options;
    const source = /\.[jt]s$/.test(path) ? read(path) : null;
    const named = namedModules(source ?? "")
      .map((specifier) => resolve(path, specifier))
      .filter((to) => !ignores(path, to));
    this.#named.set(path, named);
    return named;
  }
}

function backwards(
  end: string,
  before: ReadonlyMap<string, string | null>,
): string[] {
  const way = [end];
  let path = before.get(end);
  while (path != null) {
    way.unshift(path);
    path = before.get(path);
  }
  return way;
}
