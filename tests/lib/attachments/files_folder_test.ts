import { rejects, strictEqual } from "node:assert/strict";
import { FilesFolder } from "../../../lib/attachments/files_folder.ts";

const LINKS: Record<string, string> = {
  "/shared": "/data/shared",
  "/data/shared/link.txt": "/etc/passwd",
  "/data/shared/up": "/data",
  "/data/shared/in.txt": "/data/shared/sub/in.txt",
};
const paths = {
  realPath: (path: string) =>
    path.includes("missing")
      ? Promise.reject(new Deno.errors.NotFound(path))
      : path.includes("hidden")
      ? Promise.reject(new Deno.errors.NotCapable(path))
      : Promise.resolve(LINKS[path] ?? path),
};

Deno.test("FilesFolder: what is in the folder, links followed, is", async () => {
  const folder = await FilesFolder.open("/shared", paths);
  strictEqual(folder.path, "/data/shared");
  for (
    const [given, real] of [
      ["a.txt", "/data/shared/a.txt"],
      ["sub/../a.txt", "/data/shared/a.txt"],
      ["/data/shared/a.txt", "/data/shared/a.txt"],
      ["in.txt", "/data/shared/sub/in.txt"],
    ] as const
  ) strictEqual(await folder.readable(given), real);
  strictEqual(await folder.writable("new.txt"), "/data/shared/new.txt");
});

Deno.test("FilesFolder: what is outside, by name or by a link, is refused", async () => {
  const folder = await FilesFolder.open("/shared", paths);
  for (
    const given of [
      ...["../x", "/etc/passwd", "link.txt", "/data/shared-not/x", ".", ""],
      ...["/data/shared", "/hidden/x"],
    ]
  ) {
    await rejects(folder.readable(given), { code: "FILE_REFUSED" }, given);
  }
  for (const given of ["../new", "up/new", "/data/new", "/hidden/new", ".."]) {
    await rejects(folder.writable(given), { code: "FILE_REFUSED" }, given);
  }
  await rejects(folder.readable("missing"), { code: "USAGE" });
  await rejects(folder.writable("missing/new"), { code: "USAGE" });
  await rejects(FilesFolder.open("/missing", paths), { code: "USAGE" });
});
