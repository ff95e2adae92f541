import assert from "node:assert/strict";
import {
  diskSettings,
  readSettings,
  rememberSettings,
  settingsForStart,
  type SettingsStore,
} from "../../../lib/agent_settings/settings_file.ts";
import { systemClock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import { diskFiles } from "../../../lib/host/private_files.ts";
import { DyingFiles, Killed } from "../../fakes/dying_files.ts";

const RELAY = "wss://relay.example.org/v1/ws";
const OTHER = "wss://other.example.org/v1/ws";
const DIR = "/data";
const DISK = diskSettings(systemClock);

/** A disk that one process has for itself. */
const alone = (files: DyingFiles): SettingsStore => ({
  files,
  exclusively: (_, action) => action(),
});

async function inFolder(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "agentnet-settings-" });
  try {
    await run(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

Deno.test("rememberSettings: private, whole, with the relay on a line of its own", async () => {
  await inFolder(async (dir) => {
    await rememberSettings(DISK, dir, { relay: RELAY, name: "ada" });
    for (const name of ["settings.json", "relay.url"]) {
      const { mode } = await Deno.stat(`${dir}/${name}`);
      assert.equal((mode ?? 0) & 0o777, 0o600, name);
    }
    assert.equal(await Deno.readTextFile(`${dir}/relay.url`), `${RELAY}\n`);
    const { settings, warnings } = await readSettings(diskFiles, dir);
    assert.deepEqual(settings, { relay: RELAY, name: "ada" });
    assert.deepEqual(warnings, []);
  });
});

Deno.test("rememberSettings: what is not changed stays, what nobody here knows too", async () => {
  await inFolder(async (dir) => {
    const path = `${dir}/settings.json`;
    const text = JSON.stringify({ name: "ada", later: 1 });
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    await rememberSettings(DISK, dir, { relay: RELAY });
    const kept = JSON.parse(await Deno.readTextFile(path));
    assert.deepEqual(kept, { relay: RELAY, name: "ada", later: 1 });
    const { warnings } = await readSettings(diskFiles, dir);
    assert.match(warnings[0] ?? "", /does not know: \["later"\]$/);
  });
});

Deno.test("rememberSettings: the same again writes nothing", async () => {
  await inFolder(async (dir) => {
    await rememberSettings(DISK, dir, { relay: RELAY });
    const before = await Deno.stat(`${dir}/settings.json`);
    await rememberSettings(DISK, dir, { relay: RELAY });
    const after = await Deno.stat(`${dir}/settings.json`);
    assert.equal(after.ino, before.ino);
  });
});

Deno.test("readSettings: a link, a folder, a large one and one that others could have written are refused", async () => {
  const make: Record<string, (path: string) => Promise<void>> = {
    "it is a link": async (path) => {
      await Deno.writeTextFile(`${path}.there`, "{}", { mode: 0o600 });
      await Deno.symlink(`${path}.there`, path);
    },
    "it is not a file": (path) => Deno.mkdir(path),
    "it is too large": (path) =>
      Deno.writeTextFile(path, `{"x":"${"x".repeat(70_000)}"}`),
    "others could have written it": async (path) => {
      await Deno.writeTextFile(path, "{}");
      await Deno.chmod(path, 0o620);
    },
    "it is not an object of JSON": (path) =>
      Deno.writeTextFile(path, "[]", { mode: 0o600 }),
  };
  for (const [reason, write] of Object.entries(make)) {
    await inFolder(async (dir) => {
      await write(`${dir}/settings.json`);
      const told = await codeOf(readSettings(diskFiles, dir));
      assert.ok(told.startsWith("SETTINGS_INVALID"), told);
      assert.ok(told.endsWith(`: ${reason}`), told);
    });
  }
});

Deno.test("readSettings: another user's file is refused", async () => {
  const owned = (uid: number, isFile: boolean) =>
    Promise.resolve({ isFile, isSymlink: false, size: 2, mode: 0o600, uid });
  const files = {
    ...diskFiles,
    facts: (path: string) => path === DIR ? owned(7, false) : owned(8, true),
    readText: () => Promise.resolve("{}"),
  };
  const told = await codeOf(readSettings(files, DIR));
  assert.match(told, /^SETTINGS_INVALID: .*: it is another user's$/);
});

Deno.test("readSettings: one that others can read is closed, with a warning", async () => {
  await inFolder(async (dir) => {
    const path = `${dir}/settings.json`;
    await Deno.writeTextFile(path, `{"name":"ada"}`);
    await Deno.chmod(path, 0o644);
    const { settings, warnings } = await readSettings(diskFiles, dir);
    assert.deepEqual(settings, { name: "ada" });
    assert.match(warnings[0] ?? "", /was open to others/);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("readSettings: where nothing is, nothing is remembered", async () => {
  await inFolder(async (dir) => {
    const nothing = { settings: {}, unknown: {}, warnings: [] };
    assert.deepEqual(await readSettings(diskFiles, dir), nothing);
    assert.deepEqual(await readSettings(diskFiles, `${dir}/no`), nothing);
  });
});

Deno.test("rememberSettings: whenever it is killed, the shell's relay is that of the settings or none", async () => {
  for (let dieAt = 0;; dieAt++) {
    const files = new DyingFiles();
    files.put(DIR, "");
    await rememberSettings(alone(files), DIR, { relay: RELAY });
    files.points = 0;
    files.dieAt = dieAt;
    const ended = await rememberSettings(alone(files), DIR, { relay: OTHER })
      .then(
        () => true,
        (error) => {
          const cause = (error as Error).cause ?? error;
          assert.ok(cause instanceof Killed, `${error}`);
          return false;
        },
      );
    files.reboot();
    const { settings } = await readSettings(files, DIR);
    assert.ok(settings.relay === RELAY || settings.relay === OTHER);
    const shell = files.text(`${DIR}/relay.url`);
    assert.ok(
      shell === undefined || shell === `${settings.relay}\n`,
      `${dieAt}`,
    );
    if (ended) return assert.equal(settings.relay, OTHER);
  }
});

Deno.test("rememberSettings: many starts at once leave whole files, and none of them fails", async () => {
  await inFolder(async (dir) => {
    const starts = Array.from(
      { length: 8 },
      () => rememberSettings(DISK, dir, { relay: RELAY, name: "ada" }),
    );
    await Promise.all(starts);
    const { settings } = await readSettings(diskFiles, dir);
    assert.deepEqual(settings, { relay: RELAY, name: "ada" });
    assert.equal(await Deno.readTextFile(`${dir}/relay.url`), `${RELAY}\n`);
  });
});

Deno.test("rememberSettings: of starts at once with different relays one is remembered, in both files", async () => {
  await inFolder(async (dir) => {
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        rememberSettings(DISK, dir, { relay: RELAY, name: "ada" }),
        rememberSettings(DISK, dir, { relay: OTHER, name: "ada" }),
        rememberSettings(DISK, dir, { relay: `${RELAY}/2` }),
      ]);
      const { settings } = await readSettings(diskFiles, dir);
      const shell = await Deno.readTextFile(`${dir}/relay.url`);
      assert.equal(shell, `${settings.relay}\n`);
    }
  });
});

Deno.test("settingsForStart: the shell's copy of a relay that was written by hand is made right, and nothing else", async () => {
  await inFolder(async (dir) => {
    await rememberSettings(DISK, dir, { relay: RELAY });
    const path = `${dir}/settings.json`;
    const byHand = `{"relay":"${OTHER}",\n"name":"ada"}`;
    await Deno.writeTextFile(path, byHand, { mode: 0o600 });
    const { settings } = await settingsForStart(DISK, dir);
    assert.equal(settings.relay, OTHER);
    assert.equal(await Deno.readTextFile(`${dir}/relay.url`), `${OTHER}\n`);
    assert.equal(await Deno.readTextFile(path), byHand);
  });
});
