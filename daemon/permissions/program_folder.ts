import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where this file stands in the source. */
const SOURCE = join("/", "daemon", "permissions");

/**
 * The folder that a worker's file is loaded from: the project's root from source; from a bundle, in which all files
 * stand side by side, its folder. Packages need no right of their own: Deno loads them from its cache in any case.
 */
export function programFolder(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  return folder.endsWith(SOURCE) ? folder.slice(0, -SOURCE.length) : folder;
}
