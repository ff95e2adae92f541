import assert from "node:assert/strict";
import { engineFlags } from "../../scripts/v8_flags.ts";
import { NET_CASES } from "../fakes/net_cases.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);
/** Tools that the launcher uses, found on the real PATH. */
const TOOLS = [
  ...["readlink", "tail", "mkdir", "mv", "rm", "cat", "ls"],
  ...["cksum", "grep", "sed"],
];

/** A folder with a PATH of its own, so that no real Deno is found. */
async function inFolder(
  run: (folder: string, bin: string) => Promise<void>,
): Promise<void> {
  const made = await Deno.makeTempDir({ prefix: "agent net " });
  const folder = await Deno.realPath(made);
  try {
    const bin = `${folder}/bin`;
    await Deno.mkdir(bin);
    for (const tool of TOOLS) await linkTool(tool, bin);
    await run(folder, bin);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function linkTool(tool: string, bin: string): Promise<void> {
  for (const folder of ["/usr/bin", "/bin"]) {
    try {
      await Deno.stat(`${folder}/${tool}`);
      return await Deno.symlink(`${folder}/${tool}`, `${bin}/${tool}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** A program that shows its arguments and its input, in place of Deno. */
async function standIn(path: string, name: string): Promise<string> {
  const script =
    `#!/bin/sh\necho "${name}"\nfor a in "$@"; do echo "[$a]"; done\ncat\n`;
  await Deno.writeTextFile(path, script, { mode: 0o755 });
  return path;
}

/** An npx that counts its calls in `folder/calls` and answers `answer`. */
async function fakeNpx(bin: string, answer: string): Promise<void> {
  const script = `#!/bin/sh\necho called >>"\${0%/*}/../calls"\n` +
    `echo "some notice"\necho '${answer}'\n`;
  await Deno.writeTextFile(`${bin}/npx`, script, { mode: 0o755 });
}

async function callsOf(folder: string): Promise<number> {
  const text = await Deno.readTextFile(`${folder}/calls`);
  return text.trim().split("\n").length;
}

interface Run {
  readonly program?: string;
  readonly env: Record<string, string>;
  readonly cwd?: string;
  readonly input?: string;
}

async function run(args: string[], options: Run) {
  const child = new Deno.Command(options.program ?? LAUNCHER, {
    args,
    clearEnv: true,
    env: options.env,
    cwd: options.cwd ?? "/",
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.input ?? ""));
  await writer.close();
  const { code, stdout, stderr } = await output;
  const text = new TextDecoder();
  return {
    code,
    lines: text.decode(stdout).split("\n"),
    stderr: text.decode(stderr),
  };
}

Deno.test("scripts/agentnet: passes arguments and standard input untouched to $DENO", async () => {
  await inFolder(async (folder, bin) => {
    const DENO = await standIn(`${folder}/my deno`, "mine");
    const args = ["send", "a b", "", "*", "$HOME", "-", "--", "-x"];
    const env = { PATH: bin, DENO };
    const { code, lines } = await run(args, { env, input: "in\nput" });
    assert.equal(code, 0);
    assert.equal(lines[0], "mine");
    const main = lines.findIndex((line) => line.endsWith("/main.ts]"));
    const rest = lines.slice(main + 1);
    assert.deepEqual(rest, [...args.map((arg) => `[${arg}]`), "in", "put"]);
  });
});

Deno.test("scripts/agentnet: network and engine are what the command needs, as in a portable file", async () => {
  await inFolder(async (folder, bin) => {
    const DENO = await standIn(`${folder}/deno`, "mine");
    const env = { PATH: bin, DENO, HOME: folder };
    for (const [args, more, expected] of NET_CASES) {
      const { lines } = await run(args, { env: { ...env, ...more } });
      assert.ok(lines.includes(`[${expected}]`), `${args}: ${lines}`);
      const isEarly = args[0] === "relay" || args[0] === "bench";
      assert.ok(lines.includes(`[${engineFlags({ isEarly })}]`), `${args}`);
    }
  });
});

Deno.test("scripts/agentnet: works through chained symlinks, from any folder, with spaces", async () => {
  await inFolder(async (folder, bin) => {
    const DENO = await standIn(`${folder}/deno`, "mine");
    await Deno.mkdir(`${folder}/a b`);
    await Deno.symlink(LAUNCHER, `${folder}/first`);
    await Deno.symlink("../first", `${folder}/a b/second`);
    const root = LAUNCHER.replace("/scripts/agentnet", "");
    const ways = [
      { program: `${folder}/a b/second`, cwd: "/" },
      { program: "./second", cwd: `${folder}/a b` },
      { program: "second", cwd: "/", path: `${folder}/a b:${bin}` },
    ];
    for (const { path = bin, ...way } of ways) {
      // Through a shell, so that a name without a slash is sought on the PATH.
      const inner = { ...way, program: "/bin/sh", env: { PATH: path, DENO } };
      const { lines } = await run(["-c", `"${way.program}" version`], inner);
      assert.ok(lines.includes(`[${root}/main.ts]`), way.program);
    }
  });
});

Deno.test("scripts/agentnet: without $DENO the deno on the PATH runs, and npx is not asked", async () => {
  await inFolder(async (folder, bin) => {
    await standIn(`${bin}/deno`, "from path");
    await fakeNpx(bin, "/nowhere");
    const { lines } = await run([], { env: { PATH: bin, HOME: folder } });
    assert.equal(lines[0], "from path");
    await assert.rejects(callsOf(folder), Deno.errors.NotFound);
  });
});

Deno.test("scripts/agentnet: what npx brings is found once and kept", async () => {
  await inFolder(async (folder, bin) => {
    const program = await standIn(`${folder}/brought`, "brought");
    await fakeNpx(bin, program);
    const env = { PATH: bin, HOME: folder };
    for (let i = 0; i < 3; i++) {
      const { lines } = await run(["version"], { env });
      assert.equal(lines[0], "brought");
    }
    assert.equal(await callsOf(folder), 1);
  });
});

Deno.test("scripts/agentnet: a kept path that is no program any more is sought again", async () => {
  await inFolder(async (folder, bin) => {
    const program = await standIn(`${folder}/brought`, "brought");
    await fakeNpx(bin, program);
    const env = { PATH: bin, XDG_CACHE_HOME: `${folder}/cache` };
    await run([], { env });
    const kept = `${folder}/cache/agentnet/deno-2.9.6.path`;
    for (const spoiled of ["", "relative\n", `${folder}\n`, "/gone/deno\n"]) {
      await Deno.writeTextFile(kept, spoiled);
      const { lines } = await run([], { env });
      assert.equal(lines[0], "brought", JSON.stringify(spoiled));
      assert.equal(await Deno.readTextFile(kept), `${program}\n`);
    }
    assert.equal(await callsOf(folder), 5);
  });
});

Deno.test("scripts/agentnet: a kept path in a folder that others may have written into is not run", async () => {
  const spoil: Record<string, (cache: string) => Promise<void>> = {
    "open to all": (cache) => Deno.chmod(`${cache}/agentnet`, 0o777),
    "open to the group": (cache) => Deno.chmod(`${cache}/agentnet`, 0o770),
    "a link": async (cache) => {
      await Deno.rename(`${cache}/agentnet`, `${cache}/elsewhere`);
      await Deno.symlink(`${cache}/elsewhere`, `${cache}/agentnet`);
    },
    "the file is a link": async (cache) => {
      const kept = `${cache}/agentnet/deno-2.9.6.path`;
      await Deno.rename(kept, `${cache}/elsewhere`);
      await Deno.symlink(`${cache}/elsewhere`, kept);
    },
    ...(Deno.uid() === 0
      ? {
        "another's": (cache: string) =>
          Deno.chown(`${cache}/agentnet`, 65534, 65534),
        "another's file": (cache: string) =>
          Deno.chown(`${cache}/agentnet/deno-2.9.6.path`, 65534, 65534),
      }
      : {}),
  };
  for (const [name, spoiling] of Object.entries(spoil)) {
    await inFolder(async (folder, bin) => {
      const theirs = await standIn(`${folder}/theirs`, "theirs");
      const program = await standIn(`${folder}/brought`, "brought");
      await fakeNpx(bin, program);
      const cache = `${folder}/cache`;
      await Deno.mkdir(`${cache}/agentnet`, { recursive: true });
      await Deno.mkdir(`${cache}/deno/npm/r/@stricli`, { recursive: true });
      await Deno.chmod(`${cache}/agentnet`, 0o700);
      const kept = `${cache}/agentnet/deno-2.9.6.path`;
      await Deno.writeTextFile(kept, `${theirs}\n`, { mode: 0o600 });
      const env = { PATH: bin, XDG_CACHE_HOME: cache };
      assert.equal((await run([], { env })).lines[0], "theirs");
      await spoiling(cache);
      const { code, lines, stderr } = await run([], { env });
      assert.deepEqual([code, lines[0], stderr], [0, "brought", ""], name);
    });
  }
});

Deno.test("scripts/agentnet: the runtime's folder in a shared cache is not used when another may have written it", async () => {
  await inFolder(async (folder, bin) => {
    const DENO = `${folder}/deno`;
    const script = '#!/bin/sh\necho "[${XDG_CACHE_HOME:-none}]"\n';
    await Deno.writeTextFile(DENO, script, { mode: 0o755 });
    const cache = `${folder}/cache`;
    await Deno.mkdir(`${cache}/deno`, { recursive: true });
    const env = { PATH: bin, DENO, XDG_CACHE_HOME: cache };
    const used = async (mode: number) => {
      await Deno.chmod(`${cache}/deno`, mode);
      return (await run([], { env })).lines[0];
    };
    assert.equal(await used(0o755), `[${cache}]`);
    assert.equal(await used(0o777), "[none]");
    assert.equal(await used(0o775), "[none]");
    if (Deno.uid() !== 0) return;
    await Deno.chown(`${cache}/deno`, 65534, 65534);
    assert.equal(await used(0o755), "[none]");
  });
});

Deno.test("scripts/agentnet: a cache that can't be written costs only the memory", async () => {
  await inFolder(async (folder, bin) => {
    const program = await standIn(`${folder}/brought`, "brought");
    await fakeNpx(bin, program);
    await Deno.writeTextFile(`${folder}/cache`, "a file, not a folder");
    const env = { PATH: bin, XDG_CACHE_HOME: `${folder}/cache` };
    const { code, lines, stderr } = await run([], { env });
    assert.deepEqual([code, lines[0], stderr], [0, "brought", ""]);
  });
});

Deno.test("scripts/agentnet: with neither deno nor npx one line says what to install", async () => {
  await inFolder(async (folder, bin) => {
    const { code, stderr } = await run([], {
      env: { PATH: bin, HOME: folder },
    });
    assert.equal(code, 1);
    assert.match(stderr, /^agentnet: no deno .*install.*\n$/);
  });
});

Deno.test("scripts/agentnet: an npx that fails gives one line, and nothing is kept", async () => {
  await inFolder(async (folder, bin) => {
    await fakeNpx(bin, "npm ERR! something");
    const { code, stderr } = await run([], {
      env: { PATH: bin, HOME: folder },
    });
    assert.equal(code, 1);
    assert.match(stderr, /^agentnet: npx did not bring deno.*\n$/);
    await assert.rejects(Deno.stat(`${folder}/.cache`), Deno.errors.NotFound);
  });
});

Deno.test("scripts/agentnet: the program replaces the launcher, so signals reach it", async () => {
  await inFolder(async (folder, bin) => {
    const DENO = `${folder}/deno`;
    const script = `#!/bin/sh\ntrap 'exit 42' TERM\necho "pid $$"\n` +
      `while :; do read -r line; done\n`;
    await Deno.writeTextFile(DENO, script, { mode: 0o755 });
    const child = new Deno.Command(LAUNCHER, {
      clearEnv: true,
      env: { PATH: bin, DENO },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    const { value } = await reader.read();
    assert.equal(value, `pid ${child.pid}\n`);
    child.kill("SIGTERM");
    await child.stdin.close();
    assert.equal((await child.status).code, 42);
    await reader.cancel();
  });
});
