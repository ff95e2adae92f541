/** Where this file stands in the source. */
const SOURCE = /[\\/]daemon[\\/]permissions$/;

/**
 * The folder that a worker's file is loaded from: the project's root from source; from a bundle, in which all files
 * stand side by side, its folder. Packages need no right of their own: Deno loads them from its cache in any case.
 */
export function programFolder(): string {
  const folder = import.meta.dirname;
  if (folder === undefined) throw new Error("this file is on no disk");
  return folder.replace(SOURCE, "");
}
