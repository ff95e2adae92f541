import assert from "node:assert/strict";
import { DataDir } from "../../../daemon/keeper/data_dir.ts";
import { diskFiles } from "../../../lib/host/private_files.ts";
import { RuntimeFiles } from "../../../daemon/keeper/runtime_files.ts";

async function inFolder(
  use: (files: RuntimeFiles, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(new RuntimeFiles(new DataDir(folder), diskFiles), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

const FILES = ["api.addr", "api.token", "daemon.pid"];

Deno.test("RuntimeFiles.restore: what was taken away is there again, what another wrote stays", async () => {
  await inFolder(async (files, folder) => {
    await files.claim(7);
    await files.announce({ token: "t", address: "127.0.0.1:1" });
    await Deno.remove(`${folder}/api.addr`);
    await Deno.writeTextFile(`${folder}/daemon.pid`, "8\n");
    await files.restore();
    assert.deepEqual(namesIn(folder), FILES);
    const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
    assert.equal(read("api.addr"), "127.0.0.1:1\n");
    assert.equal(read("daemon.pid"), "8\n");
  });
});

Deno.test("RuntimeFiles.markStopped: what it leaves outlives the daemon, and goes with the next one's start", async () => {
  await inFolder(async (files, folder) => {
    const state = `${folder}/state`;
    await Deno.mkdir(state);
    await files.claim(7);
    await files.markStopped();
    await files.remove();
    assert.deepEqual(namesIn(folder), ["state"]);
    assert.deepEqual(namesIn(state), ["daemon.stopped"]);
    await files.claim(8);
    assert.deepEqual(namesIn(folder), ["daemon.pid", "state"]);
    assert.deepEqual(namesIn(state), []);
  });
});

Deno.test("RuntimeFiles.markHandedOver: when it was stands there until the next daemon has the data dir", async () => {
  await inFolder(async (files, folder) => {
    await files.claim(7);
    await files.markHandedOver(1_764_000_000_000);
    await files.remove();
    assert.deepEqual(namesIn(folder), ["daemon.handover"]);
    const note = Deno.readTextFileSync(`${folder}/daemon.handover`);
    assert.equal(note, "1764000000000\n");
    await files.claim(8);
    assert.deepEqual(namesIn(folder), ["daemon.pid"]);
  });
});

Deno.test("RuntimeFiles: restoring beside announcing and removing, in one breath, leaves what came last", async () => {
  await inFolder(async (files, folder) => {
    await files.claim(7);
    for (let n = 0; n < 30; n++) {
      await files.announce({ token: "t", address: "127.0.0.1:1" });
      for (const name of ["api.addr", "api.token"]) {
        await Deno.remove(`${folder}/${name}`);
      }
      await Promise.all([
        files.restore(),
        files.announce({ token: "t", address: `127.0.0.1:${n}` }),
      ]);
      const address = Deno.readTextFileSync(`${folder}/api.addr`);
      assert.equal(address, `127.0.0.1:${n}\n`);
    }
    await Deno.remove(`${folder}/api.token`);
    await Promise.all([files.restore(), files.remove(), files.restore()]);
    assert.deepEqual(namesIn(folder), []);
  });
});
