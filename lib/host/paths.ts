// What a daemon's keeper does with paths. `node:path` would be all that it loads of Node's modules, for half a megabyte
// as long as it lives: on Windows, where paths are another matter, it is worth that.

const library = Deno.build.os === "windows" ? await import("node:path") : null;

/** The path of a file or folder of this name in a folder. */
export function inFolder(folder: string, name: string): string {
  if (library !== null) return library.join(folder, name);
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

/**
 * The folder that a file or folder lies in.
 *
 * @param path without an end in "/" but for the root, which lies in itself, and without two of them in a row.
 */
export function folderOf(path: string): string {
  if (library !== null) return library.dirname(path);
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}

/** A path from the root on, without ".", ".." and an end in "/"; what is relative is so to the working folder. */
export function absolutePath(path: string): string {
  if (library !== null) return library.resolve(path);
  const names: string[] = [];
  const whole = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  for (const name of whole.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}
