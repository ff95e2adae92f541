import assert from "node:assert/strict";
import { openSqlite } from "../../lib/sql/sql.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { SmallDisk } from "../fakes/small_disk.ts";
import { canMount } from "../scenarios/disk_faults.ts";

/** Longest time for a daemon to notice or to recover, in milliseconds. */
const MOST_MS = 120_000;
/** Large enough that a mailbox without room can't keep one. */
const TEXT = "x".repeat(20_000);
const TIMES = 6;

/** The daemon's status, once it is so. */
async function until(
  agent: StagedAgent,
  isSo: (status: { warnings: string[]; unread: number }) => boolean,
) {
  const end = performance.now() + MOST_MS;
  for (;;) {
    const { value } = await agent.json(["status"]);
    if (isSo(value)) return value;
    assert.ok(performance.now() < end, JSON.stringify(value));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function say(agent: StagedAgent, text: string): Promise<void> {
  const { code, stderr } = await agent.run(["send", "tea", text]);
  assert.equal(code, 0, stderr);
}

async function textsOf(agent: StagedAgent): Promise<string[]> {
  const { value } = await agent.json(["messages"]);
  assert.deepEqual([value.gaps, value.dropped, value.remaining], [[], 0, 0]);
  return value.messages.map(({ text }: { text: string }) => text);
}

Deno.test({
  name:
    "mailbox: a full disk is said in status, the daemon stays connected, and what came meanwhile is all there afterwards",
  // Only root may mount a small file system.
  ignore: !canMount(),
  fn: async () => {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
    await Deno.mkdir(bob.dataDir, { mode: 0o700 });
    using disk = new SmallDisk(bob.dataDir, 4);
    await ada.online({ relay: url, flags: ["--brakes", "off"] });
    const daemon = await bob.online({ relay: url });
    await ada.run(["create", "tea"]);
    await bob.run(["join", "tea"]);
    await say(ada, "before");
    await until(bob, ({ unread }) => unread === 1);
    disk.fill();
    for (let n = 0; n < TIMES; n++) await say(ada, `${n} ${TEXT}`);
    const full = await until(
      bob,
      ({ warnings }) => warnings.some((one) => /disk is full/.test(one)),
    );
    assert.equal(full.connected, true);
    disk.free();
    const well = await until(
      bob,
      ({ warnings, unread }) => warnings.length === 0 && unread === TIMES + 1,
    );
    assert.equal(well.connected, true);
    assert.deepEqual(await textsOf(bob), [
      "before",
      ...Array.from({ length: TIMES }, (_, n) => `${n} ${TEXT}`),
    ]);
    // Before its folder goes.
    await daemon.end();
  },
});

Deno.test("mailbox: a damaged file is kept aside, status says so, and the new one takes messages", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: url });
  const first = await bob.online({ relay: url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  await first.end();
  const junk = "this is no database ".repeat(1_000);
  await Deno.writeTextFile(`${bob.dataDir}/state/mailbox.db`, junk);
  await bob.online({ relay: url });
  const status = await until(bob, ({ warnings }) => warnings.length > 0);
  assert.match(status.warnings.join(), /damaged.*kept as.*join your rooms/);
  const kept = /kept as (\S+)/.exec(status.warnings.join())?.[1];
  const aside = await Deno.readTextFile(`${bob.dataDir}/state/${kept}`);
  assert.equal(aside, junk);
  await bob.run(["join", "tea"]);
  await say(ada, "after");
  await until(bob, ({ unread }) => unread === 1);
  assert.deepEqual(await textsOf(bob), ["after"]);
});

Deno.test("mailbox: a newer program's file ends the start with the way out, and is not touched", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const bob = stage.agent("bob");
  const daemon = await bob.online({ relay: url });
  await daemon.end();
  const path = `${bob.dataDir}/state/mailbox.db`;
  const newer = openSqlite(path);
  newer.exec("PRAGMA user_version = 999");
  newer.close();
  const before = await Deno.readFile(path);
  const { code, stdout, stderr } = await bob.run([
    ...["daemon", "--relay", url, "--api", "127.0.0.1:0"],
  ]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /can't open .*mailbox\.db: a newer agentnet wrote it/);
  assert.match(stderr, /--data-dir/);
  assert.deepEqual(await Deno.readFile(path), before);
  assert.equal((await bob.run(["status", "--check"])).code, 3);
});
