const ROOT = new URL("../../", import.meta.url);

/** Every TypeScript file of the project's folders, by its path from the root. */
export function projectFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    [...Deno.readDirSync(new URL(folder, ROOT))].flatMap((entry) => {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory) return projectFiles(`${path}/`);
      return /\.tsx?$/.test(path) ? [path] : [];
    })
  );
}

/** What is shipped, but for the AssemblyScript, which is no TypeScript. */
export function shippedFiles(): string[] {
  const folders = ["commands/", "daemon/", "lib/", "mcp/", "relay/"];
  return ["main.ts", ...projectFiles(...folders)]
    .filter((path) => !path.startsWith("lib/pow/assembly/"));
}

export function projectText(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** Whether there is a file or folder (ends in "/") at a path from the root. */
export function isInProject(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, ROOT)).isDirectory ===
      path.endsWith("/");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
