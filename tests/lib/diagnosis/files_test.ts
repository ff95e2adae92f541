import assert from "node:assert/strict";
import { fileFindings } from "../../../lib/diagnosis/files.ts";
import { Identity } from "../../../lib/protocol/identity.ts";

const KEY = (await Identity.fromSeed(new Uint8Array(32).fill(7))).toKeyFile();

function info(
  kind: "file" | "folder" | "link",
  mode: number | null = null,
  size = 110,
): Deno.FileInfo {
  return {
    isFile: kind === "file",
    isDirectory: kind === "folder",
    isSymlink: kind === "link",
    mode,
    size,
  } as Deno.FileInfo;
}

/** A disk of a few files; an error stands for what looking at it gives. */
function disk(
  files: Record<string, Deno.FileInfo | Error>,
  key: string | Error = KEY,
) {
  const readText = () =>
    key instanceof Error ? Promise.reject(key) : Promise.resolve(key);
  const look = (path: string) => {
    const found = files[path];
    if (found instanceof Error) return Promise.reject(found);
    return found === undefined
      ? Promise.reject(new Deno.errors.NotFound(path))
      : Promise.resolve(found);
  };
  return { look, readText };
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

Deno.test("fileFindings: a key that is none, too large or unreadable is a fault that shows nothing of it", async () => {
  const files = {
    "/d": info("folder", 0o700),
    "/d/agent.key": info("file", 0o600),
  };
  const keyOf = async (key: string | Error) =>
    (await fileFindings("/d", disk(files, key)))[1];
  const other = KEY.replace(/.{4}"\}/, 'zzzz"}');
  for (const text of ["", "garbage", '{"private_key": "garbage"}', other]) {
    const found = await keyOf(text);
    assert.equal(found?.level, "fault", text);
    assert.match(found.detail, /^\/d\/agent\.key is not an agent's key: /);
    assert.doesNotMatch(`${found.detail} ${found.fix}`, /garbage|zzzz/);
    assert.match(found.fix ?? "", /put the right file back/);
  }
  assert.equal((await keyOf(new Deno.errors.NotFound("gone")))?.level, "fault");
  const large = { ...files, "/d/agent.key": info("file", 0o600, 5000) };
  assert.match(
    (await fileFindings("/d", disk(large)))[1]?.detail ?? "",
    /it is too large/,
  );
});
