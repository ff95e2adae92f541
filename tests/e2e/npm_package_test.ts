// The package for npm, run by npx from its file in empty homes, with no Deno on
// the PATH.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "../../scripts/build/bundle_program.ts";
import {
  DENO_VERSION,
  windowsArguments,
  writeNpmPackage,
} from "../../scripts/build/npm_package.ts";
import { Stage } from "../../scripts/stage.ts";
import { meet, openRelay, TWO_A_SIDE } from "../scenarios/newcomers.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NEEDED = ["node", "npm", "npx"];

/** Where a command is; null where it is not on the PATH. */
async function which(name: string): Promise<string | null> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      return await Deno.realPath(`${folder}/${name}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}

const found = await Promise.all(NEEDED.map(which));
const hasNpm = !found.includes(null);
if (!hasNpm) console.log("npm_package_test: ignored, there is no npm here");

/** A folder with npm and its Node, the package, and a script that runs it as one would type it. */
async function npmFolder() {
  const folder = await Deno.makeTempDir({ prefix: "agentnet npm " });
  await Deno.mkdir(`${folder}/bin`);
  for (const [at, name] of NEEDED.entries()) {
    await Deno.symlink(found[at] ?? "", `${folder}/bin/${name}`);
  }
  const file = `${folder}/agentnet-0.0.0.tgz`;
  using bundle = await bundleProgram(ROOT);
  await writeNpmPackage({ root: ROOT, bundle: bundle.folder, output: file });
  const program = `${folder}/npx-agentnet`;
  await Deno.writeTextFile(
    program,
    `#!/bin/sh\ncd '${folder}' && exec npx -y ./agentnet-0.0.0.tgz "$@"\n`,
    { mode: 0o755 },
  );
  const installed = `${folder}/there/node_modules/.bin/agentnet`;
  return {
    ...{ folder, file, program, installed },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function install(
  { folder, file }: { folder: string; file: string },
  env: Record<string, string>,
): Promise<void> {
  const { code, stderr } = await new Deno.Command("npm", {
    args: ["install", "--prefix", `${folder}/there`, file],
    env,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

/** No Deno on the PATH; npm's own settings and what it has fetched before. */
async function npmEnv(folder: string): Promise<Record<string, string>> {
  const { stdout } = await new Deno.Command("npm", {
    args: ["config", "get", "cache"],
  }).output();
  return {
    PATH: `${folder}/bin:/usr/bin:/bin`,
    DENO: "",
    npm_config_cache: new TextDecoder().decode(stdout).trim(),
    npm_config_userconfig: `${Deno.env.get("HOME")}/.npmrc`,
    npm_config_update_notifier: "false",
  };
}

Deno.test({
  name:
    "npm: two commands a side from empty homes to a message, by npx and the package's file alone",
  ignore: !hasNpm,
  fn: async () => {
    await using npm = await npmFolder();
    assert.ok((await Deno.stat(npm.file)).size < 3_000_000);
    const env = await npmEnv(npm.folder);
    const deno = await new Deno.Command("/bin/sh", {
      args: ["-c", "command -v deno"],
      clearEnv: true,
      env,
    }).output();
    assert.equal(deno.success, false, "no Deno on the PATH");
    await using stage = await Stage.open({ program: npm.program, bare: true });
    // npx passes no signal on, so it would stay for ever.
    await install(npm, env);
    await using at = await Stage.open({ program: npm.installed, bare: true });
    const relay = await openRelay(at, env);
    await using meeting = await meet(stage, relay, env);
    assert.deepEqual(meeting.typed, TWO_A_SIDE);
    // The daemon's own process is the runtime, with the relay and loopback as its network.
    const { value: status } = await meeting.ada.json(["status"]);
    // Reading /proc takes all permissions, which the tests do not have.
    const { stdout } = await new Deno.Command("cat", {
      args: [`/proc/${status.pid}/cmdline`],
    }).output();
    const words = new TextDecoder().decode(stdout);
    assert.match(words, new RegExp(`/@deno/[^/]+/deno\0`));
    const { host } = new URL(status.relay.replace("ws:", "http:"));
    assert.ok(words.includes(`--allow-net=${host},127.0.0.0/8`), words);
  },
});

Deno.test({
  name: "npm: exit codes, signals and standard input go through to the program",
  ignore: !hasNpm,
  fn: async () => {
    await using npm = await npmFolder();
    const env = { ...await npmEnv(npm.folder), HOME: npm.folder };
    await install(npm, env);
    await using stage = await Stage.open({
      program: npm.installed,
      bare: true,
    });
    const usage = await stage.run(["no-such-command"], { env });
    assert.equal(usage.code, 2);
    const none = await stage.run(["status", "--check"], { env });
    assert.equal(none.code, 3);
    const relay = stage.start([
      ...["relay", "--listen", "127.0.0.1:0", "--join-age", "0"],
      ...["--data", `${stage.folder}/relay`],
    ], { env });
    await relay.line(/ws:\/\/\S+\/v1\/ws/, 60_000);
    relay.kill("SIGTERM");
    assert.equal((await relay.status).code, 0);
    const text = "x".repeat(40_000);
    const long = await stage.run(["send", "tea", "-"], { env, stdin: text });
    assert.match(long.stderr, /40000 bytes, more than/);
    const manifest = JSON.parse(
      await Deno.readTextFile(
        `${npm.folder}/there/node_modules/@agentnet/agentnet/package.json`,
      ),
    );
    assert.deepEqual(manifest.dependencies, { deno: DENO_VERSION });
    assert.equal(manifest.scripts, undefined);
  },
});

Deno.test({
  name:
    "npm: on Windows the command starts the runtime itself, with the list of flags that was made for it",
  ignore: !hasNpm,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const there = `${folder}/node_modules`;
      for (const name of ["deno", "@deno/win32-x64"]) {
        await Deno.mkdir(`${there}/${name}`, { recursive: true });
        await Deno.writeTextFile(`${there}/${name}/package.json`, "{}");
      }
      await Deno.writeTextFile(
        `${there}/@deno/win32-x64/deno.exe`,
        `#!/bin/sh\nprintf '[%s]' "$@"; exit 9\n`,
        { mode: 0o755 },
      );
      await Deno.writeTextFile(`${folder}/package.json`, '{"type":"module"}');
      const flags = windowsArguments();
      await Deno.writeTextFile(`${folder}/windows.json`, JSON.stringify(flags));
      await Deno.copyFile(
        `${ROOT}scripts/build/npm/agentnet.js`,
        `${folder}/agentnet.js`,
      );
      // What Node says of the system it runs on.
      const script = `for (const [name, value] of [["platform", "win32"],
        ["arch", "x64"]]) Object.defineProperty(process, name, { value });
        process.argv = ["node", "agentnet", "send", "tea", "a b"];
        import("${folder}/agentnet.js");`;
      const { code, stdout } = await new Deno.Command("node", {
        args: ["-e", script],
      }).output();
      const main = `${folder}/program/main.js`;
      const words = [...flags, main, "send", "tea", "a b"];
      assert.equal(
        new TextDecoder().decode(stdout),
        words.map((word) => `[${word}]`).join(""),
      );
      assert.equal(code, 9);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
