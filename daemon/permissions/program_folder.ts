import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder that a worker's file is loaded from: the project's root from source; from a bundle, in which all files
 * stand side by side, its folder. Packages need no right of their own: Deno loads them from its cache in any case.
 */
export function programFolder(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  return basename(folder) === "daemon" ? dirname(folder) : folder;
}
