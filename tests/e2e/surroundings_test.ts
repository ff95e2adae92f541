import assert from "node:assert/strict";
import { PortableStandIn } from "../fakes/portable_stand_in.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);

/** Ways in which what surrounds a program can be broken: a shell's words before it, in a folder of their own. */
const BROKEN: Record<string, string> = {
  "a folder that was deleted": "mkdir gone && cd gone && rmdir ../gone",
  "a home that is no folder": "export HOME=/dev/null",
  "a home that is missing": 'export HOME="$PWD/missing"',
  "no home": "unset HOME",
  "a home that is no whole path": "mkdir here && export HOME=here",
  "a home that takes no cache": "export HOME=/proc",
  "a cache that is no folder": "export XDG_CACHE_HOME=/dev/null",
  "a cache that can't be made": "export XDG_CACHE_HOME=/proc/none",
  "a cache of the runtime that can't be made": "export DENO_DIR=/proc/none",
  "a package.json and a deno.json that are folders":
    "mkdir -p p/package.json p/deno.json && cd p",
  "a package.json and a deno.json that are no JSON":
    "mkdir q && cd q && echo { >package.json && echo { >deno.json",
  "other files by which runtimes are configured":
    "mkdir r node_modules && cd r && for file in .npmrc .env deno.lock deno.jsonc tsconfig.json; do echo { >$file; done",
  "telemetry that the runtime is asked for":
    "export OTEL_DENO=true OTEL_EXPORTER_OTLP_PROTOCOL=bogus",
};

/** An .npmrc of the home, by the words that make it there. */
const NPMRC: Readonly<Record<string, string>> = {
  "a folder": "mkdir .npmrc",
  "a link to itself": "ln -s .npmrc .npmrc",
  "a link to nowhere": "ln -s nowhere .npmrc",
  "a pipe": "mkfifo .npmrc",
  "no UTF-8": "printf 'fund=\\377\\n' >.npmrc",
  "a registry that is no URL": "echo registry=::: >.npmrc",
  "a registry of a scope that is no URL": "echo @some:registry=none >.npmrc",
  "a registry that a missing variable names":
    "echo 'registry=${NO_SUCH_VARIABLE}' >.npmrc",
};
/** In a home of its own, with the runtime's cache. */
for (const [what, make] of Object.entries(NPMRC)) {
  BROKEN[`an .npmrc that is ${what}`] =
    `mkdir h && cd h && ln -s "$HOME/.cache" .cache && ${make} && export HOME="$PWD"`;
}

/** Variables of the runtime, and of programs that start it, with which it ends, stops, or says more than it should. */
const VARIABLES = [
  "DENO_V8_FLAGS=--nonsense",
  "DENO_TOKIO_EVENT_INTERVAL=0",
  "DENO_TOKIO_MAX_IO_EVENTS_PER_TICK=0",
  "DENO_UNSTABLE_CONTROL_SOCK=/nowhere",
  "DENO_AUDIT_PERMISSIONS=/nowhere/file",
  "DENO_PERMISSION_BROKER_PATH=/nowhere",
  "DENO_LOG=debug",
  "DENO_DONT_USE_INTERNAL_NODE_COMPAT_STATE_FD=99",
  "NODE_CHANNEL_FD=99",
  "NODE_CHANNEL_FD=none",
  "DENO_TLS_CA_STORE=none",
  "DENO_CERT=/nowhere",
  "NODE_EXTRA_CA_CERTS=/nowhere",
  "NPM_CONFIG_REGISTRY=:::",
];
for (const variable of VARIABLES) BROKEN[variable] = `export ${variable}`;

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

/** In place of the runtime: it counts its calls, fails where the .npmrc is bad, and says which home it has. */
const RUNTIME = `#!/bin/sh
case $1 in eval) echo >>"$CALLS"; ! grep bad "$HOME/.npmrc" || echo "bad .npmrc" ;; *) echo "$HOME" ;; esac
`;

Deno.test("launcher: the runtime is asked once for each .npmrc whether it can read it, and never has a bad one", async () => {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-npmrc-" });
  const CALLS = `${folder}/calls`;
  const DENO = `${folder}/deno`;
  await Deno.writeTextFile(DENO, RUNTIME, { mode: 0o755 });
  const env = { HOME: folder, XDG_CACHE_HOME: folder, DENO, CALLS };
  const hidden = LAUNCHER.replace(/\/agentnet$/, "");
  for (
    const [npmrc, home, calls] of [
      ["good", folder, 1],
      ["good", folder, 1],
      ["bad", hidden, 2],
      ["bad", hidden, 3],
      ["good again", folder, 4],
      ["good again", folder, 4],
      ["registry = ${OF_A_VARIABLE}", folder, 5],
      ["registry = ${OF_A_VARIABLE}", folder, 6],
    ] as const
  ) {
    await Deno.writeTextFile(`${folder}/.npmrc`, npmrc);
    const { stdout, stderr } = await runAfter(":", [LAUNCHER, "status"], env);
    assert.equal(stdout, `${home}\n`, npmrc + stderr);
    assert.equal((await Deno.stat(CALLS)).size, calls, npmrc);
  }
  await Deno.remove(folder, { recursive: true });
});

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
  // To itself: neither there nor absent.
  await Deno.symlink(".npmrc", `${home}/.npmrc`);
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
