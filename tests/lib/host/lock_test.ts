import assert from "node:assert/strict";
import { takeLock } from "../../../lib/host/lock.ts";

/** A path in a folder of its own, for the length of a test. */
async function inFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-lock-" });
  try {
    await use(`${folder}/daemon.lock`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("takeLock: one at a time, and free again once it is released", async () => {
  await inFolder(async (path) => {
    const first = await takeLock(path);
    assert.equal(await takeLock(path), null);
    first?.release();
    const second = await takeLock(path);
    assert.notEqual(second, null);
    second?.release();
  });
});

for (const put of ["nothing", "another file"] as const) {
  Deno.test(`takeLock: a file that was opened and has ${put} in its place by then is not the lock`, async () => {
    await inFolder(async (path) => {
      let changes = 0;
      const lock = await takeLock(path, async (one) => {
        const file = await Deno.open(one, {
          ...{ read: true, write: true, create: true },
        });
        if (changes++ > 0) return file;
        await Deno.remove(one);
        if (put === "another file") await Deno.writeTextFile(one, "");
        return file;
      });
      assert.equal(changes, 2);
      assert.equal(await takeLock(path), null, "the path's file is locked");
      lock?.release();
    });
  });
}

Deno.test("takeLock: a file that can't be looked at is let go, and what failed is told as the file's trouble", async () => {
  await inFolder(async (path) => {
    const failing = async (one: string) => {
      const file = await Deno.open(one, {
        ...{ read: true, write: true, create: true },
      });
      file.stat = () => Promise.reject(new Error("Too many open files"));
      return file;
    };
    await assert.rejects(takeLock(path, failing), {
      code: "FILE_TROUBLE",
      message: /Too many open files/,
    });
    const lock = await takeLock(path);
    assert.notEqual(lock, null, "the one before is still open");
    lock?.release();
  });
});

Deno.test("takeLock: whether a lock has its name still, and what keeps that from being known, is the file's trouble", async () => {
  await inFolder(async (path) => {
    let opened: Deno.FsFile | undefined;
    const lock = await takeLock(path, async (one) => {
      opened = await Deno.open(one, { write: true, create: true });
      return opened;
    });
    if (opened === undefined) throw new Error("nothing was opened");
    opened.stat = () => Promise.reject(new Error("Too many open files"));
    await assert.rejects(async () => await lock?.isNamed(), {
      code: "FILE_TROUBLE",
    });
    lock?.release();
  });
});
