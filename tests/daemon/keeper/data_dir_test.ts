import assert from "node:assert/strict";
import { DataDir } from "../../../daemon/keeper/data_dir.ts";
import { takeLock } from "../../../lib/host/lock.ts";
import { diskFiles } from "../../../lib/host/private_files.ts";
import { RuntimeFiles } from "../../../daemon/keeper/runtime_files.ts";
import { Failure } from "../../../lib/errors.ts";

async function inFolder(action: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-test-" });
  try {
    await action(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("DataDir: makes folders that are their owner's alone", () =>
  inFolder(async (folder) => {
    const dir = new DataDir(`${folder}/deep/er`);
    assert.deepEqual(await dir.make(), []);
    assert.deepEqual(await dir.makeState(), []);
    for (const path of [`${folder}/deep`, dir.path, dir.state]) {
      assert.equal(await modeOf(path), 0o700, path);
    }
  }));

Deno.test("DataDir: tightens a folder that is open to others, and says so", () =>
  inFolder(async (folder) => {
    const dir = new DataDir(`${folder}/open`);
    await Deno.mkdir(dir.path);
    await Deno.chmod(dir.path, 0o755);
    const [warning] = await dir.make();
    assert.match(warning ?? "", /0755/);
    assert.equal(await modeOf(dir.path), 0o700);
    assert.deepEqual(await dir.make(), []);
  }));

Deno.test("DataDir: a file in the folder's place is an error that names it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(
      new DataDir(`${folder}/file`).make(),
      (e) =>
        e instanceof Failure && e.code === "FILE_TROUBLE" &&
        e.message.includes(`${folder}/file`),
    );
  }));

for (const mode of [0o1777, 0o777, 0o702]) {
  const octal = mode.toString(8);
  Deno.test(`DataDir: a folder that all may write (${octal}) is refused and left as it is`, () =>
    inFolder(async (folder) => {
      const dir = new DataDir(`${folder}/shared`);
      await Deno.mkdir(dir.path);
      await Deno.chmod(dir.path, mode);
      await assert.rejects(dir.make(), isRefusal);
      assert.equal((await Deno.stat(dir.path)).mode! & 0o7777, mode);
      assert.deepEqual([...Deno.readDirSync(dir.path)], []);
    }));
}

Deno.test({
  name: "DataDir: another user's folder is refused and left as it is",
  // Only root may give a folder away.
  ignore: Deno.build.os === "windows" || Deno.uid() !== 0,
  fn: () =>
    inFolder(async (folder) => {
      const dir = new DataDir(`${folder}/theirs`);
      await Deno.mkdir(dir.path, { mode: 0o755 });
      await Deno.chown(dir.path, 12_345, 12_345);
      await assert.rejects(dir.make(), isRefusal);
      assert.equal(await modeOf(dir.path), 0o755);
      assert.deepEqual([...Deno.readDirSync(dir.path)], []);
    }),
});

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.code === "FILE_TROUBLE" &&
    error.fix.includes("a folder of its own");
}

Deno.test("takeLock: one at a time; free again after its release", () =>
  inFolder(async (folder) => {
    const path = `${folder}/daemon.lock`;
    const first = await takeLock(path);
    assert.ok(first);
    assert.equal(await takeLock(path), null);
    first.release();
    const second = await takeLock(path);
    assert.ok(second);
    second.release();
  }));

Deno.test("RuntimeFiles: tells pid, token and address, 0600, and takes its own away", () =>
  inFolder(async (folder) => {
    const dir = new DataDir(folder);
    for (const path of [dir.token, dir.address, dir.pid]) {
      await Deno.writeTextFile(path, "of a daemon that fell");
    }
    const files = new RuntimeFiles(dir, diskFiles);
    await files.claim(7);
    assert.equal(await Deno.readTextFile(dir.pid), "7\n");
    // Nobody is sent to the old one's address with the old one's token.
    for (const path of [dir.token, dir.address]) {
      await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    }
    await files.announce({ token: "t", address: "127.0.0.1:1" });
    assert.equal(await Deno.readTextFile(dir.token), "t\n");
    assert.equal(await Deno.readTextFile(dir.address), "127.0.0.1:1\n");
    assert.equal(await modeOf(dir.token), 0o600);
    await files.remove();
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("RuntimeFiles: leaves what another wrote meanwhile", () =>
  inFolder(async (folder) => {
    const dir = new DataDir(folder);
    const files = new RuntimeFiles(dir, diskFiles);
    await files.claim(7);
    await files.announce({ token: "t", address: "a" });
    await Deno.writeTextFile(dir.token, "another's");
    await files.remove();
    assert.equal(await Deno.readTextFile(dir.token), "another's");
  }));
