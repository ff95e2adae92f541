import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { readPrivate } from "../../../lib/host/private_reading.ts";
import { DyingFiles } from "../../fakes/dying_files.ts";

const PATH = "/data/list.txt";

Deno.test("readPrivate: a closed file as it is, an open one closed and told", async () => {
  const files = new DyingFiles();
  files.put(PATH, "text");
  assert.deepEqual(await readPrivate(files, PATH), {
    text: "text",
    warnings: [],
  });
  for (const mode of [0o644, 0o660, 0o604]) {
    files.put(PATH, "text", mode);
    const { warnings } = await readPrivate(files, PATH);
    assert.match(warnings[0] ?? "", new RegExp(`0${mode.toString(8)}.*0600`));
    assert.equal(files.names.get(PATH)?.mode, 0o600);
  }
});

Deno.test("readPrivate: a link is not followed, and says what to do", async () => {
  const files = new DyingFiles();
  files.names.set(PATH, {
    bytes: new Uint8Array(),
    mode: 0o777,
    isSymlink: true,
  });
  await assert.rejects(
    readPrivate(files, PATH),
    (error) =>
      error instanceof Failure && error.code === "FILE_TROUBLE" &&
      /it is a link/.test(error.message) && /in its place/.test(error.fix),
  );
  assert.equal(files.names.get(PATH)?.mode, 0o777);
});

Deno.test("readPrivate: another user's open file is refused by the system, and is not read", async () => {
  const files = new DyingFiles();
  files.put(PATH, "text", 0o644);
  files.troubles.set("chmod", new Deno.errors.PermissionDenied("not yours"));
  files.troubles.set("readText", new Error("it was read"));
  await assert.rejects(
    readPrivate(files, PATH),
    Deno.errors.PermissionDenied,
  );
});

Deno.test("readPrivate: no file is NotFound", async () => {
  await assert.rejects(
    readPrivate(new DyingFiles(), PATH),
    Deno.errors.NotFound,
  );
});
