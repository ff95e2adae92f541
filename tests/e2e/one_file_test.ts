import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { ClientOnly } from "../../scripts/build/build_options.ts";
import { makeFile } from "../../scripts/build/make_file.ts";
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

function thisPlatform(): Target {
  const target = hostTarget(Deno.build.target);
  assert.ok(target !== undefined, Deno.build.target);
  return target;
}

/** The whole program as one file, made as `deno task compile` makes it, and what was said of it. */
async function make(dist: string): Promise<{ file: string; said: string }> {
  const said: string[] = [];
  const [file] = await makeFiles({
    ...{ root: ROOT, dist, targets: [thisPlatform()], portable: false },
    nameOf: () => "agentnet",
    say: (line) => said.push(line),
  });
  assert.ok(file !== undefined, said.join("\n"));
  return { file, said: said.join("\n") };
}

/** Permissions recorded in a file compiled on a base that can't be run, which is not needed to read them. */
async function recorded(
  bundle: string,
  clientOnly?: ClientOnly,
): Promise<RecordedPermissions> {
  const dist = await Deno.makeTempDir();
  const before = Deno.env.get("DENORT_BIN");
  Deno.env.set("DENORT_BIN", before ?? Deno.execPath());
  try {
    const output = `${dist}/agentnet`;
    const form = await makeFile({
      ...{ bundle, target: thisPlatform(), output, portable: false },
      ...(clientOnly === undefined ? {} : { clientOnly }),
    });
    assert.equal(form, "compiled");
    const { size } = await Deno.stat(output);
    assert.ok(size <= MOST_COMPILED, `${size} bytes`);
    const { permissions, unstable_config } = recordedMetadata(
      await Deno.readFile(output),
    );
    assert.deepEqual(
      [...unstable_config.features].sort(),
      ["no-legacy-abort", "worker-options"],
    );
    return permissions;
  } finally {
    if (before === undefined) Deno.env.delete("DENORT_BIN");
    await Deno.remove(dist, { recursive: true });
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
  // Whatever program is in it.
  const bundle = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${bundle}/main.js`, "");
    assert.deepEqual(granted(await recorded(bundle)), {
      ...ALWAYS,
      allow_net: [],
      allow_env: [...ENV_NAMES],
    });
    const relays = ["wss://relay.example.org/v1/ws", "ws://[2001:db8::1]:81"]
      .map((url) => new URL(url));
    assert.deepEqual(granted(await recorded(bundle, { relays })), {
      ...ALWAYS,
      allow_net: [
        ...["relay.example.org:443", "[2001:db8::1]:81"],
        ...["127.0.0.1", "localhost", "[::1]"],
      ],
      allow_env: ENV_NAMES.filter((name) => !name.startsWith("WS_")),
    });
  } finally {
    await Deno.remove(bundle, { recursive: true });
  }
});

Deno.test("one file: the demo runs through it on a host without Deno, and where HOME can't be written", async () => {
  const dist = await Deno.makeTempDir();
  try {
    const { file, said } = await make(dist);
    console.log(`built here: ${said}`);
    const { size } = await Deno.stat(file);
    const most = said.includes("portable") ? MOST_PORTABLE : MOST_COMPILED;
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
