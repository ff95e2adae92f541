import assert from "node:assert/strict";
import { takeDataDirLock } from "../../../lib/host/data_dir_lock.ts";
import { takeLock } from "../../../lib/host/lock.ts";

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-held-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("takeDataDirLock: one at a time, also where the lock's file was taken away", async () => {
  await inFolder(async (folder) => {
    const paths = { lock: `${folder}/x.lock`, folder: `${folder}/state` };
    const first = await takeDataDirLock(paths);
    assert.notEqual(first, null);
    assert.equal(await takeDataDirLock(paths), null);
    await Deno.remove(paths.lock);
    assert.equal(await takeDataDirLock(paths), null);
    const again = await takeLock(paths.lock);
    assert.notEqual(again, null, "who was refused holds nothing");
    again?.release();
    first?.release();
    const next = await takeDataDirLock(paths);
    assert.notEqual(next, null);
    next?.release();
  });
});

Deno.test("takeDataDirLock: a file in the folder's place is left to whoever makes the folder", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/state`, "");
    const paths = { lock: `${folder}/x.lock`, folder: `${folder}/state` };
    const held = await takeDataDirLock(paths);
    assert.notEqual(held, null);
    assert.equal(await takeDataDirLock(paths), null);
    held?.release();
  });
});
