import assert from "node:assert/strict";
import { fileFindings } from "../../../lib/diagnosis/files.ts";

function info(
  kind: "file" | "folder" | "link",
  mode: number | null = null,
): Deno.FileInfo {
  return {
    isFile: kind === "file",
    isDirectory: kind === "folder",
    isSymlink: kind === "link",
    mode,
  } as Deno.FileInfo;
}

/** A disk of a few files; an error stands for what looking at it gives. */
function disk(files: Record<string, Deno.FileInfo | Error>) {
  return (path: string) => {
    const found = files[path];
    if (found instanceof Error) return Promise.reject(found);
    return found === undefined
      ? Promise.reject(new Deno.errors.NotFound(path))
      : Promise.resolve(found);
  };
}

const levels = async (files: Record<string, Deno.FileInfo | Error>) =>
  (await fileFindings("/d", disk(files))).map(({ name, level }) =>
    `${name} ${level}`
  );

Deno.test("fileFindings: a data dir that is not there yet is no fault", async () => {
  assert.deepEqual(await levels({}), ["data dir ok"]);
});

Deno.test("fileFindings: closed files are ok, and so are files that are yet to come", async () => {
  assert.deepEqual(await levels({ "/d": info("folder", 0o700) }), [
    "data dir ok",
    "key ok",
    "token ok",
  ]);
  const all = {
    "/d": info("folder", 0o40700),
    "/d/agent.key": info("file", 0o100600),
    "/d/api.token": info("file", 0o600),
  };
  assert.deepEqual(await levels(all), ["data dir ok", "key ok", "token ok"]);
});

Deno.test("fileFindings: what others can read is a warning that names the cure", async () => {
  const files = {
    "/d": info("folder", 0o755),
    "/d/agent.key": info("file", 0o640),
    "/d/api.token": info("file", 0o604),
  };
  const found = await fileFindings("/d", disk(files));
  assert.deepEqual(found.map(({ level }) => level), [
    "warning",
    "warning",
    "warning",
  ]);
  assert.deepEqual(found.map(({ fix }) => fix), [
    "chmod 0700 /d",
    "chmod 0600 /d/agent.key",
    "chmod 0600 /d/api.token",
  ]);
});

Deno.test("fileFindings: a link, a folder in a file's place and what may not be looked at are faults", async () => {
  const dir = info("folder", 0o700);
  assert.deepEqual(
    (await levels({ "/d": dir, "/d/agent.key": info("link") }))[1],
    "key fault",
  );
  assert.deepEqual(
    (await levels({ "/d": dir, "/d/agent.key": info("folder") }))[1],
    "key fault",
  );
  assert.deepEqual(
    (await levels({
      "/d": dir,
      "/d/agent.key": new Deno.errors.PermissionDenied("no"),
    }))[1],
    "key fault",
  );
  assert.deepEqual(await levels({ "/d": info("file") }), ["data dir fault"]);
  assert.deepEqual(
    await levels({ "/d": new Deno.errors.PermissionDenied("no") }),
    ["data dir fault"],
  );
});

Deno.test("fileFindings: files without modes, as on Windows, are ok", async () => {
  assert.deepEqual(
    await levels({ "/d": info("folder"), "/d/agent.key": info("file") }),
    ["data dir ok", "key ok", "token ok"],
  );
});
