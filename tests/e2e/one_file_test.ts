import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { ClientOnly } from "../../scripts/build/build_options.ts";
import { makeFiles } from "../../scripts/build/make_files.ts";
import {
  recordedMetadata,
  type RecordedPermissions,
} from "../../scripts/build/recorded_permissions.ts";
import { hostTarget, type Target } from "../../scripts/build/targets.ts";
import { demo } from "../../scripts/demo.ts";
import { ENV_NAMES } from "../../scripts/permissions.ts";
import { Stage } from "../../scripts/stage.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MOST_COMPILED = 110e6;
const MOST_PORTABLE = 60e6;

const SAID: string[] = [];

async function make(dist: string, clientOnly?: ClientOnly): Promise<string> {
  const target = hostTarget(Deno.build.target) as Target;
  const [file] = await makeFiles({
    root: ROOT,
    dist,
    targets: [target],
    nameOf: () => "agentnet",
    portable: false,
    say: (line) => SAID.push(line),
    ...(clientOnly === undefined ? {} : { clientOnly }),
  });
  assert.ok(file !== undefined, SAID.join("\n"));
  return file;
}

/** Permissions recorded in a file compiled on a base that can't be run, which is not needed to read them. */
async function recorded(
  dist: string,
  clientOnly?: ClientOnly,
): Promise<RecordedPermissions> {
  const before = Deno.env.get("DENORT_BIN");
  Deno.env.set("DENORT_BIN", before ?? Deno.execPath());
  try {
    const file = await make(dist, clientOnly);
    const { size } = await Deno.stat(file);
    assert.ok(size <= MOST_COMPILED, `${size} bytes`);
    const { permissions, unstable_config } = recordedMetadata(
      await Deno.readFile(file),
    );
    assert.deepEqual(
      [...unstable_config.features].sort(),
      ["no-legacy-abort", "worker-options"],
    );
    return permissions;
  } finally {
    if (before === undefined) Deno.env.delete("DENORT_BIN");
  }
}

/** What was granted or denied, without what is not mentioned and what Deno writes down of imports that are denied whole. */
function granted(permissions: RecordedPermissions) {
  assert.deepEqual(permissions.deny_import, []);
  return Object.fromEntries(
    Object.entries(permissions).filter(([name, value]) =>
      value !== null && name !== "allow_import"
    ),
  );
}

const ALWAYS = {
  allow_read: ["/"],
  allow_write: ["/"],
  allow_sys: ["hostname"],
  deny_run: [],
  deny_ffi: [],
  deny_import: [],
  prompt: false,
};

Deno.test("compiled file: the permissions recorded in it are those of the list, and no other", async () => {
  const dist = await Deno.makeTempDir();
  try {
    assert.deepEqual(granted(await recorded(dist)), {
      ...ALWAYS,
      allow_net: [],
      allow_env: [...ENV_NAMES],
    });
    const relay = new URL("wss://relay.example.org/v1/ws");
    assert.deepEqual(granted(await recorded(dist, { relay })), {
      ...ALWAYS,
      allow_net: ["relay.example.org:443", "127.0.0.1", "localhost", "[::1]"],
      allow_env: ENV_NAMES.filter((name) => !name.startsWith("WS_")),
    });
  } finally {
    await Deno.remove(dist, { recursive: true });
  }
});

Deno.test("one file: the demo runs through it on a host without Deno, and where HOME can't be written", async () => {
  const dist = await Deno.makeTempDir();
  try {
    const file = await make(dist);
    console.log(`built here: ${SAID.at(-1)}`);
    const { size } = await Deno.stat(file);
    const most = SAID.at(-1)?.includes("portable")
      ? MOST_PORTABLE
      : MOST_COMPILED;
    assert.ok(size <= most, `${size} bytes`);
    const lines: string[] = [];
    {
      await using stage = await Stage.open({ program: file, bare: true });
      await demo(stage, (line) => lines.push(line));
    }
    await demoInReadOnlyHome(file, (line) => lines.push(line));
    const ends = lines.filter((line) => line.includes("Two agents talked"));
    assert.equal(ends.length, 2);
  } finally {
    await Deno.remove(dist, { recursive: true });
  }
});

/** Root may write anywhere: a file in the way of the cache stops it too. */
async function demoInReadOnlyHome(
  program: string,
  say: (line: string) => void,
): Promise<void> {
  await using stage = await Stage.open({ program, bare: true });
  await Deno.writeTextFile(`${stage.folder}/home/.cache`, "");
  await Deno.chmod(`${stage.folder}/home`, 0o500);
  await demo(stage, say);
  const left = [...Deno.readDirSync(`${stage.folder}/home`)];
  assert.deepEqual(left.map(({ name }) => name), [".cache"]);
}

Deno.test("file for agents' hosts: it knows its relay, holds no relay, and refuses another by name", async () => {
  const dist = await Deno.makeTempDir();
  try {
    await using general = await Stage.open();
    const { url } = await general.startRelay();
    const file = await make(dist, { relay: new URL(url) });
    await using stage = await Stage.open({ program: file, bare: true });
    const ada = stage.agent("ada");
    // A port of its own, as most hosts have it: the head must grant what the daemon asks for.
    const env = { AGENTNET_API: `127.0.0.1:${freePort()}` };
    const refused = await ada.run(["daemon", "--relay", "ws://127.0.0.1:1"], {
      env,
    });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /made for 127\.0\.0\.1:\d+ alone/);
    const relay = await ada.run(["relay"]);
    assert.equal(relay.code, 2);
    assert.match(relay.stderr, /holds no relay/);
    const process = stage.start(["daemon", "--name", "ada"], {
      env: { AGENTNET_DATA_DIR: ada.dataDir, ...env },
    });
    await process.line(/http:\/\/\S+/, 20_000);
    const ready = await ada.run(["wait-ready", "--timeout", "15s"]);
    assert.equal(ready.code, 0, ready.stderr + process.output);
    const second = await ada.run(["daemon"], { env });
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /one runs already/);
  } finally {
    await Deno.remove(dist, { recursive: true });
  }
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
