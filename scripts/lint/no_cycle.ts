import { ImportGraph } from "./import_graph.ts";
import { importSites } from "./import_sites.ts";
import { isRelative, pathOf, ROOT, target } from "./place.ts";

/**
 * Pairs of files that may name each other, types alone: two records each of which points at the other, where a third
 * file for one of them would hold half a thought.
 */
const MUTUAL: readonly (readonly [string, string])[] = [
  ["relay/core/rooms/seat.ts", "relay/core/rooms/room.ts"],
];

/** How old what was read of other files may be; an editor lints for hours in one process. */
const FRESH_MS = 2_000;

export interface NoCycleOptions {
  /** A file's text by its path from the root; null where there is none such. */
  readonly read?: (path: string) => string | null;
  /** Milliseconds. */
  readonly now?: () => number;
}

/**
 * The rule `no-cycle`: no file comes back to itself through what it names, whether types, values, workers or modules
 * that are loaded later. The linted file is looked at as it was handed in, unsaved perhaps, the others as they lie on
 * disk: each file of a ring is told of it, with the way round.
 */
export function noCycle(
  { read = readFile, now = () => performance.now() }: NoCycleOptions = {},
): Deno.lint.Rule {
  let graph: ImportGraph | undefined;
  let readAt = 0;
  const fresh = () => {
    if (graph === undefined || now() - readAt > FRESH_MS) {
      graph = new ImportGraph({ read, resolve: target, ignores: isMutual });
      readAt = now();
    }
    return graph;
  };
  return {
    create(context) {
      const from = pathOf(context);
      return importSites(({ node, specifier }) => {
        if (specifier === null || !isRelative(specifier)) return;
        const to = target(from, specifier);
        const way = isMutual(from, to) ? null : fresh().way(to, from);
        if (way === null) return;
        const message = `import cycle: ${[from, ...way].join(" → ")}`;
        context.report({ node, message });
      });
    },
  };
}

function isMutual(from: string, to: string): boolean {
  return MUTUAL.some((pair) => pair.includes(from) && pair.includes(to));
}

function readFile(path: string): string | null {
  try {
    return Deno.readTextFileSync(ROOT + path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
