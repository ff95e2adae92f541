import assert from "node:assert/strict";
import { PortableStandIn } from "../fakes/portable_stand_in.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);

/** Ways in which what surrounds a program can be broken: a shell's words before it, in a folder of their own. */
const BROKEN: Readonly<Record<string, string>> = {
  "a folder that was deleted": "mkdir gone && cd gone && rmdir ../gone",
  "a home that is no folder": "export HOME=/dev/null",
  "a home that is missing": 'export HOME="$PWD/missing"',
  "no home": "unset HOME",
  "an .npmrc that is a folder":
    'mkdir -p h/.npmrc && ln -s "$HOME/.cache" h/.cache && export HOME="$PWD/h"',
  "a cache that is no folder": "export XDG_CACHE_HOME=/dev/null",
  "a package.json and a deno.json that are folders":
    "mkdir -p p/package.json p/deno.json && cd p",
  "a package.json and a deno.json that are no JSON":
    "mkdir q && cd q && echo { >package.json && echo { >deno.json",
  "flags for the engine": "export DENO_V8_FLAGS=--nonsense",
  "telemetry that the runtime is asked for":
    "export OTEL_DENO=true OTEL_EXPORTER_OTLP_PROTOCOL=bogus",
};

/** Runs a program after these words, in a new folder that has a data dir; what it printed, without the shell's own words. */
async function runAfter(
  words: string,
  program: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-around-" });
  try {
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", `${words}; exec "$@"`, "sh", ...program],
      cwd: folder,
      env: { ...env, AGENTNET_DATA_DIR: `${folder}/data`, NO_COLOR: "1" },
    });
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    const told = text.decode(stderr).split("\n")
      .filter((line) => !/getcwd|current directory/.test(line)).join("\n");
    return { code, stdout: text.decode(stdout), stderr: told };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [name, words] of Object.entries(BROKEN)) {
  Deno.test(`launcher: works in ${name}`, async () => {
    const env = { DENO: Deno.execPath() };
    const program = [LAUNCHER, "status", "--json", "--api", "127.0.0.1:9"];
    const { code, stdout, stderr } = await runAfter(words, program, env);
    assert.equal(code, 3, stderr);
    assert.equal(JSON.parse(stdout).error.code, "NO_DAEMON");
    assert.equal(stderr, "");
  });
}

Deno.test("launcher: in a folder that was deleted a data dir needs its whole path", async () => {
  const words = BROKEN["a folder that was deleted"] ?? "";
  const env = { DENO: Deno.execPath() };
  const args = ["relay", "--data", "here"];
  const { code, stderr } = await runAfter(words, [LAUNCHER, ...args], env);
  assert.equal(code, 2);
  assert.match(stderr, /^agentnet: the working folder is gone; [^\n]+\n$/);
});

Deno.test("portable file: the runtime starts in / where the folder is gone, and never sees an .npmrc", async () => {
  await using file = await PortableStandIn.make();
  const home = await file.home();
  await Deno.mkdir(`${home}/.npmrc`);
  const env = { HOME: home };
  const gone = BROKEN["a folder that was deleted"] ?? "";
  const { code, stdout } = await runAfter(
    gone,
    [file.file, "status"],
    env,
  );
  assert.equal(code, 0);
  assert.match(stdout, /^PWD=\/ HOME=\/$/m);
  assert.match(stdout, new RegExp(`DENO_DIR=${home}/.cache/agentnet/`));
});
