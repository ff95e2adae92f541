import assert from "node:assert/strict";
import { loadOrMakeKey } from "../../../daemon/keeper/key_file.ts";
import { diskFiles } from "../../../lib/host/private_files.ts";
import { Failure } from "../../../lib/errors.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { DyingFiles } from "../../fakes/dying_files.ts";

const PATH = "/data/agent.key";
const OTHER = await Identity.fromSeed(new Uint8Array(32).fill(9));

function load(files: DyingFiles, seed = 1) {
  return loadOrMakeKey({
    path: PATH,
    files,
    randomBytes: (count) => new Uint8Array(count).fill(seed),
  });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
}

Deno.test("loadOrMakeKey: makes a key once, and finds it again", async () => {
  const files = new DyingFiles();
  const made = await load(files);
  assert.equal(made.isNew, true);
  const found = await load(files, 2);
  assert.deepEqual([found.isNew, found.identity.id], [false, made.identity.id]);
  assert.deepEqual([...files.names.keys()], [PATH]);
  assert.equal(files.names.get(PATH)?.mode, 0o600);
});

Deno.test("loadOrMakeKey: killed at any point of the first start, the next one has a whole key", async (t) => {
  const whole = new DyingFiles();
  await load(whole);
  assert.ok(whole.points >= 10, `${whole.points} points`);
  for (let point = 0; point < whole.points; point++) {
    for (const power of ["stays", "fails"]) {
      await t.step(`point ${point}, power ${power}`, async () => {
        const files = new DyingFiles();
        files.dieAt = point;
        await assert.rejects(load(files, 1));
        files.dieAt = undefined;
        if (power === "fails") files.reboot();
        const before = files.text(PATH);
        // What stands under the name is a whole key or nothing.
        if (before !== undefined) {
          assert.ok((await Identity.parseKeyFile(before)).ok, before);
        }
        const { identity } = await load(files, 2);
        const after = files.text(PATH) ?? "";
        const parsed = await Identity.parseKeyFile(after);
        assert.ok(parsed.ok && parsed.identity.id === identity.id);
        if (before !== undefined) assert.equal(after, before);
        assert.equal((await load(files, 3)).identity.id, identity.id);
      });
    }
  }
});

Deno.test("loadOrMakeKey: killed at any point, a key that is there stays as it is", async () => {
  for (let point = 0; point < 10; point++) {
    const files = new DyingFiles();
    files.put(PATH, OTHER.toKeyFile(), 0o644);
    files.dieAt = point;
    await codeOf(load(files));
    assert.equal(files.text(PATH), OTHER.toKeyFile());
  }
});

Deno.test("loadOrMakeKey: no error but 'not found' makes a key", async () => {
  const troubles = [
    new Deno.errors.PermissionDenied("denied"),
    new Deno.errors.NotADirectory("not a folder"),
    new Deno.errors.FilesystemLoop("loop"),
    new Error("Input/output error (os error 5)"),
  ];
  for (const step of ["facts", "readText"] as const) {
    for (const trouble of troubles) {
      const files = new DyingFiles();
      files.put(PATH, OTHER.toKeyFile());
      files.troubles.set(step, trouble);
      assert.equal(await codeOf(load(files)), "FILE_TROUBLE");
      assert.deepEqual([...files.names.keys()], [PATH]);
      assert.equal(files.text(PATH), OTHER.toKeyFile());
    }
  }
});

Deno.test("loadOrMakeKey: a disk that is full makes no key, and the next start does", async () => {
  for (const step of ["create", "write", "sync", "syncFolder"] as const) {
    const files = new DyingFiles();
    files.troubles.set(step, new Error("No space left on device"));
    assert.equal(await codeOf(load(files)), "FILE_TROUBLE");
    files.troubles.clear();
    const { identity } = await load(files, 2);
    const parsed = await Identity.parseKeyFile(files.text(PATH) ?? "");
    assert.ok(parsed.ok && parsed.identity.id === identity.id);
  }
});

Deno.test("loadOrMakeKey: content that is no key is an error and stays", async () => {
  const half = OTHER.toKeyFile().slice(0, 50);
  const contents = ["", "{}", "null", "[]", "junk", half, "x".repeat(5000)];
  for (const content of contents) {
    const files = new DyingFiles();
    files.put(PATH, content);
    assert.equal(await codeOf(load(files)), "KEY_INVALID", content);
    assert.equal(files.text(PATH), content);
  }
});

Deno.test("loadOrMakeKey: a link is not followed", async () => {
  const files = new DyingFiles();
  const bytes = new TextEncoder().encode(OTHER.toKeyFile());
  files.names.set(PATH, { bytes, mode: 0o777, isSymlink: true });
  assert.equal(await codeOf(load(files)), "KEY_INVALID");
});

Deno.test("loadOrMakeKey: loose modes are tightened, with a warning that holds no key", async () => {
  for (const mode of [0o644, 0o640, 0o666, 0o604]) {
    const files = new DyingFiles();
    files.put(PATH, OTHER.toKeyFile(), mode);
    const { identity, warnings } = await load(files);
    assert.equal(identity.id, OTHER.id);
    assert.equal(files.names.get(PATH)?.mode, 0o600);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", new RegExp(`0${mode.toString(8)}`));
  }
  const files = new DyingFiles();
  files.put(PATH, OTHER.toKeyFile(), 0o400);
  assert.deepEqual((await load(files)).warnings, []);
  assert.equal(files.names.get(PATH)?.mode, 0o400);
});

Deno.test("loadOrMakeKey: a key that another program makes meanwhile is the one", async () => {
  const files = new DyingFiles();
  const { link } = files;
  files.link = (from, to) => {
    files.put(PATH, OTHER.toKeyFile());
    return link.call(files, from, to);
  };
  const { identity, isNew } = await load(files);
  assert.deepEqual([identity.id, isNew], [OTHER.id, false]);
  assert.deepEqual([...files.names.keys()], [PATH]);
});

Deno.test("loadOrMakeKey: without links it renames, and never over a file", async () => {
  const files = new DyingFiles();
  files.troubles.set("link", new Deno.errors.NotSupported("no links here"));
  const { identity } = await load(files);
  const parsed = await Identity.parseKeyFile(files.text(PATH) ?? "");
  assert.ok(parsed.ok && parsed.identity.id === identity.id);
  assert.deepEqual([...files.names.keys()], [PATH]);
});

Deno.test("loadOrMakeKey: on a real disk the file is its owner's alone, and no folder is too odd", async () => {
  const folder = await Deno.makeTempDir({ prefix: "agentnet key 漢 " });
  try {
    const options = {
      path: `${folder}/agent.key`,
      files: diskFiles,
      randomBytes: (count: number) =>
        crypto.getRandomValues(new Uint8Array(count)),
    };
    const made = await loadOrMakeKey(options);
    const { mode } = await Deno.stat(options.path);
    assert.equal((mode ?? 0) & 0o777, 0o600);
    assert.equal((await loadOrMakeKey(options)).identity.id, made.identity.id);
    const names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
    assert.deepEqual(names, ["agent.key"]);
    await Deno.rename(options.path, `${folder}/real.key`);
    await Deno.symlink(`${folder}/real.key`, options.path);
    assert.equal(await codeOf(loadOrMakeKey(options)), "KEY_INVALID");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
