import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { takeLock } from "../../../lib/host/lock.ts";
import { silentLogger } from "../../../lib/log.ts";
import {
  type HeldDataDir,
  holdDataDir,
} from "../../../relay/keeper/held_data_dir.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** A folder for the length of a test, and ways to hold it. */
async function inFolder(
  use: (rig: ReturnType<typeof rigOf>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-held-" });
  try {
    await use(rigOf(`${folder}/relay`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function rigOf(path: string) {
  const clock = new FakeClock();
  const lost: Failure[] = [];
  const made = Promise.withResolvers<void>();
  const state = { program: "nobody" };
  const hold = (): Promise<HeldDataDir> =>
    holdDataDir({
      path,
      clock,
      log: { ...silentLogger, warn: () => made.resolve() },
      fetch: () => Promise.resolve(Response.json({ program: state.program })),
      readText: (file) => Deno.readTextFile(file),
      lost: (failure) => lost.push(failure),
    });
  return { path, clock, lost, made, state, hold };
}

/** Lets the watch go on with what it does to real files until something is so; fails where it never is. */
async function looks(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 1_000; look++) {
    if (await isSo()) return;
    await Deno.stat(".");
  }
  assert.fail("it never came to be so");
}

const isTaken = (error: unknown) =>
  error instanceof Failure && error.code === "FILE_TROUBLE" &&
  /another relay runs with this data dir/.test(error.message) &&
  /--data/.test(error.fix);

Deno.test("holdDataDir: one at a time, and free again after its release", () =>
  inFolder(async ({ hold }) => {
    const first = await hold();
    await assert.rejects(hold(), isTaken);
    await first.release();
    await (await hold()).release();
  }));

Deno.test("holdDataDir: a free lock beside a relay that answers is given back, and its files stay", () =>
  inFolder(async ({ path, state, hold }) => {
    await (await hold()).release();
    await Deno.writeTextFile(`${path}/admin.addr`, "127.0.0.1:1");
    await Deno.writeTextFile(`${path}/admin.token`, "t");
    state.program = "agentnet relay";
    await assert.rejects(hold(), isTaken);
    assert.equal(await Deno.readTextFile(`${path}/admin.token`), "t");
    const lock = await takeLock(`${path}/relay.lock`);
    assert.ok(lock);
    lock.release();
  }));

Deno.test("holdDataDir: files of a relay that fell are gone once it is held", () =>
  inFolder(async ({ path, hold }) => {
    await (await hold()).release();
    await Deno.writeTextFile(`${path}/admin.addr`, "127.0.0.1:1");
    await Deno.writeTextFile(`${path}/admin.token`, "t");
    const held = await hold();
    const names = [...Deno.readDirSync(path)].map(({ name }) => name);
    assert.deepEqual(names, ["relay.lock"]);
    await held.release();
  }));

Deno.test("holdDataDir: a lock and files that were taken away are made again, 0600, and go with the relay", () =>
  inFolder(async ({ path, clock, made, lost, hold }) => {
    const held = await hold();
    await held.files.write([{ path: held.dir.adminToken, text: "t" }]);
    await Deno.remove(held.dir.lock);
    await Deno.remove(held.dir.adminToken);
    await clock.advance(5_000);
    await made.promise;
    assert.equal(await takeLock(held.dir.lock), null);
    const names = () => [...Deno.readDirSync(path)].map(({ name }) => name);
    await looks(() => names().includes("admin.token"));
    const { mode } = await Deno.stat(held.dir.adminToken);
    if (mode !== null) assert.equal(mode & 0o777, 0o600);
    await held.release();
    assert.deepEqual(lost, []);
    assert.deepEqual(names(), ["relay.lock"]);
  }));

Deno.test("holdDataDir: another relay that has the lock by then is told, with how to find it", () =>
  inFolder(async ({ clock, lost, hold }) => {
    const held = await hold();
    await Deno.remove(held.dir.lock);
    const others = await takeLock(held.dir.lock);
    assert.ok(others);
    await looks(async () => {
      await clock.advance(5_000);
      return lost.length > 0;
    });
    const [failure] = lost;
    assert.equal(failure?.code, "DATA_DIR_TAKEN");
    assert.match(failure?.message ?? "", /^another relay has this data dir/);
    assert.match(failure?.fix ?? "", /agentnet relay admin/);
    await held.release();
    others.release();
  }));
