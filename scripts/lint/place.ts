// Where a linted file stands in the project.

/** The project's root as a path that ends in "/". */
export const ROOT = decodeURIComponent(
  new URL("../../", import.meta.url).pathname,
);

/** Path from the project's root, with "/" whatever the system. */
export function pathOf(context: Deno.lint.RuleContext): string {
  const path = context.filename.replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

/** The file that a relative specifier means, from the project's root. */
export function target(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

export const isRelative = (specifier: string): boolean =>
  /^\.{0,2}\//.test(specifier);

/** Whether a path lies in one of the folders, or is one of the files. */
export function inside(path: string, parts: readonly string[]): boolean {
  return parts.some((part) =>
    part.endsWith("/") ? path.startsWith(part) : path === part
  );
}

/** True for tests and scripts: nothing that is shipped. */
export const isAround = (path: string): boolean =>
  inside(path, ["tests/", "scripts/"]);
