import assert from "node:assert/strict";
import { permissionFlags } from "../../scripts/build/compile_flags.ts";
import { engineFlags } from "../../scripts/v8_flags.ts";
import { NET_CASES } from "../fakes/net_cases.ts";
import { payloadHash, PortableStandIn } from "../fakes/portable_stand_in.ts";

const netOf = (flags: readonly string[]) =>
  flags.find((flag) => flag.startsWith("--allow-net"));

Deno.test("portable file: the runtime gets the program's permissions, its folder's code and the arguments as they are", async () => {
  await using file = await PortableStandIn.make();
  const args = ["send", "a b", "", "*", "$HOME", "-", "--", "-x"];
  const HOME = await file.home();
  const { code, flags, where } = await file.run(args, { env: { HOME } });
  assert.equal(code, 0);
  assert.equal(where, `${HOME}/.cache/agentnet`);
  const main = `${where}/${await payloadHash(file.file)}/main.js`;
  assert.deepEqual(flags.slice(flags.indexOf(main) + 1), args);
  const asked = flags.filter((flag) =>
    /^--(allow|deny|no-prompt)/.test(flag) && !flag.startsWith("--allow-net")
  );
  const list = permissionFlags().filter((flag) => flag !== "--allow-net");
  assert.deepEqual(asked.toSorted(), list.toSorted());
  for (const flag of ["--no-remote", "--no-npm", "--no-config"]) {
    assert.ok(flags.includes(flag), flag);
  }
});

Deno.test("portable file: no command loads the modules of the others", async () => {
  await using file = await PortableStandIn.make();
  const env = { HOME: await file.home() };
  const { flags } = await file.run(["status"], { env });
  assert.ok(flags.includes("--unstable-lazy-dynamic-imports"));
});

Deno.test("portable file: works in dash, bash and busybox, as whichever are here", async () => {
  await using file = await PortableStandIn.make();
  const shells = [["/bin/sh"], ["/bin/dash"], ["/bin/bash", "--posix"], [
    "/bin/busybox",
    "sh",
  ]];
  let tried = 0;
  for (const through of shells) {
    if (!await exists(through[0] as string)) continue;
    const env = { HOME: await file.home() };
    const first = await file.run(["version"], { env, through });
    const second = await file.run(["version"], { env, through });
    assert.deepEqual([first.code, first.stderr], [0, ""], through.join(" "));
    assert.deepEqual(second, first);
    tried++;
  }
  assert.ok(tried > 0);
});

Deno.test("portable file: the network is what the command needs, and no more", async () => {
  await using file = await PortableStandIn.make();
  const HOME = await file.home();
  for (const [args, env, expected] of NET_CASES) {
    const { flags } = await file.run(args, { env: { HOME, ...env } });
    assert.equal(netOf(flags), expected, args.join(" "));
  }
});

Deno.test("portable file: a relay's code is compiled early, all else late, and whole for what ends soon", async () => {
  await using file = await PortableStandIn.make();
  const HOME = await file.home();
  for (const command of ["relay", "bench", "daemon", "status", "mcp"]) {
    const { flags } = await file.run([command], { env: { HOME } });
    const isEarly = command === "relay" || command === "bench";
    const isBrief = command === "status";
    const wanted = engineFlags({ isEarly }) + (isBrief ? ",--no-lazy" : "");
    assert.ok(flags.includes(wanted), command);
  }
});

Deno.test("portable file: code that is compiled for commands that end soon is kept apart from the daemon's", async () => {
  await using file = await PortableStandIn.make();
  const HOME = await file.home();
  const kept = async (command: string) => {
    await file.run([command], { env: { HOME, brief_dir: "/nowhere" } });
    const starts = await Deno.readTextFile(`${HOME}/starts`);
    return /\/(\w+), last \S+$/.exec(starts.trimEnd())?.[1];
  };
  const all = ["send", "daemon", "mcp", "relay", "watch", "hook"];
  const folders: (string | undefined)[] = [];
  for (const command of all) folders.push(await kept(command));
  assert.deepEqual(folders, [
    ...["brief", "cache", "cache", "cache", "cache", "brief"],
  ]);
});

Deno.test("portable file for agents' hosts: no command gets another host than its relay's", async () => {
  const relays = ["wss://relay.example.org", "ws://b.example.org:81"]
    .map((url) => new URL(url));
  await using file = await PortableStandIn.make({ relays });
  const HOME = await file.home();
  const loopback = "127.0.0.0/8,localhost,[::1]";
  const narrow = `relay.example.org:443,b.example.org:81,${loopback}`;
  const cases: [string[], string][] = [
    [["daemon"], narrow],
    [["daemon", "--relay", "wss://other.example"], narrow],
    [["daemon", "--relay", "wss://a,b"], narrow],
    [["relay"], narrow],
    [["doctor"], narrow],
    [["status"], loopback],
  ];
  for (const [args, expected] of cases) {
    const { flags } = await file.run(args, { env: { HOME } });
    assert.equal(netOf(flags), `--allow-net=${expected}`, args.join(" "));
  }
});

Deno.test("portable file: where the cache can't be written it unpacks into the data dir", async () => {
  await using file = await PortableStandIn.make();
  const HOME = await file.home();
  await Deno.writeTextFile(`${HOME}/.cache`, "a file, not a folder");
  const dataDir = `${file.folder}/my data`;
  const cases: [string[], Record<string, string>, string][] = [
    [["status"], { HOME }, `${HOME}/.agentnet/run`],
    [["status", "--data-dir", dataDir], { HOME }, `${dataDir}/run`],
    [["status"], { AGENTNET_DATA_DIR: `${dataDir} 2` }, `${dataDir} 2/run`],
    [["relay", "--data", `${dataDir} 3`], { HOME }, `${dataDir} 3/run`],
    [["status", "--data-dir=rel"], { HOME }, `${file.folder}/rel/run`],
    [
      ["status"],
      { XDG_CACHE_HOME: `${file.folder}/xdg` },
      `${file.folder}/xdg/agentnet`,
    ],
  ];
  for (const [args, env, expected] of cases) {
    const { where, stderr } = await file.run(args, { env, cwd: file.folder });
    assert.equal(where, expected, stderr);
    const { mode } = await Deno.stat(where as string);
    assert.equal((mode ?? 0) & 0o777, 0o700);
  }
});

Deno.test("portable file: a folder that is a link, loose or another's is not used", async () => {
  await using file = await PortableStandIn.make();
  const hash = await payloadHash(file.file);
  const spoil: Record<string, (cache: string) => Promise<void>> = {
    "linked base": async (cache) => {
      await Deno.mkdir(`${cache}/elsewhere`, { mode: 0o700 });
      await Deno.symlink(`${cache}/elsewhere`, `${cache}/agentnet`);
    },
    "loose base": async (cache) => {
      await Deno.mkdir(`${cache}/agentnet`);
      await Deno.chmod(`${cache}/agentnet`, 0o755);
    },
    "linked version": async (cache) => {
      await Deno.mkdir(`${cache}/agentnet`, { mode: 0o700 });
      await Deno.mkdir(`${cache}/elsewhere`, { mode: 0o700 });
      await Deno.symlink(`${cache}/elsewhere`, `${cache}/agentnet/${hash}`);
    },
    "loose version": async (cache) => {
      await Deno.mkdir(`${cache}/agentnet`, { mode: 0o700 });
      await Deno.mkdir(`${cache}/agentnet/${hash}`);
      await Deno.chmod(`${cache}/agentnet/${hash}`, 0o777);
    },
    ...(Deno.uid() === 0
      ? {
        "another's base": async (cache: string) => {
          await Deno.mkdir(`${cache}/agentnet`, { mode: 0o700 });
          await Deno.chown(`${cache}/agentnet`, 65534, 65534);
        },
      }
      : {}),
  };
  for (const [name, spoiling] of Object.entries(spoil)) {
    const HOME = await file.home();
    const cache = `${HOME}/.cache`;
    await Deno.mkdir(cache);
    await spoiling(cache);
    const { where } = await file.run(["status"], { env: { HOME } });
    assert.equal(where, `${HOME}/.agentnet/run`, name);
    if (name.startsWith("linked")) {
      assert.deepEqual([...Deno.readDirSync(`${cache}/elsewhere`)], [], name);
    }
  }
});

Deno.test("portable file: with no folder to unpack into, one line says what is needed", async () => {
  await using file = await PortableStandIn.make();
  const { code, stderr } = await file.run(["status"], { env: {} });
  assert.equal(code, 1);
  assert.match(stderr, /^agentnet: can't unpack .*set XDG_CACHE_HOME.*\n$/);
});

Deno.test("portable file: a damaged or cut one says so, and nothing is left unpacked", async () => {
  await using file = await PortableStandIn.make();
  const whole = await Deno.readFile(file.file);
  const flipped = whole.slice();
  flipped[whole.length - 40] = (flipped[whole.length - 40] as number) ^ 1;
  for (const bytes of [flipped, whole.subarray(0, whole.length - 100)]) {
    await Deno.writeFile(file.file, bytes);
    const HOME = await file.home();
    const { code, stderr } = await file.run(["version"], { env: { HOME } });
    assert.equal(code, 1);
    assert.match(stderr, /^agentnet: this file is damaged .*copy it.*\n$/);
    const left = [...Deno.readDirSync(`${HOME}/.cache/agentnet`)];
    assert.deepEqual(left, []);
  }
});

Deno.test("portable file: ten first starts at once all run, and one folder is left", async () => {
  await using file = await PortableStandIn.make();
  const HOME = await file.home();
  const runs = await Promise.all(
    Array.from({ length: 10 }, () => file.run(["x"], { env: { HOME } })),
  );
  for (const { code, stderr } of runs) {
    assert.deepEqual([code, stderr], [0, ""]);
  }
  const hash = await payloadHash(file.file);
  const base = `${HOME}/.cache/agentnet`;
  assert.deepEqual([...Deno.readDirSync(base)].map(({ name }) => name), [hash]);
  const inside = [...Deno.readDirSync(`${base}/${hash}`)].map((one) =>
    one.name
  );
  assert.deepEqual(inside.toSorted(), ["deno", "main.js"]);
});

Deno.test("portable file: the first start has the program read once, where it stands for good", async () => {
  await using file = await PortableStandIn.make();
  const HOME = await file.home();
  for (let i = 0; i < 2; i++) await file.run(["x"], { env: { HOME } });
  const folder = `${HOME}/.cache/agentnet/${await payloadHash(file.file)}`;
  const starts = (await Deno.readTextFile(`${HOME}/starts`)).trim().split("\n");
  assert.deepEqual(starts, [
    `cache in ${folder}/cache, last ${folder}/main.js`,
    `run in ${folder}/brief, last x`,
    `run in ${folder}/brief, last x`,
  ]);
});

Deno.test("portable file: what a kill left half-way is never run, and goes an hour later", async () => {
  await using file = await PortableStandIn.make();
  const HOME = await file.home();
  const base = `${HOME}/.cache/agentnet`;
  await Deno.mkdir(base, { recursive: true });
  await Deno.chmod(base, 0o700);
  for (const name of [".part-old-1", ".part-new-2"]) {
    await Deno.mkdir(`${base}/${name}`);
    await Deno.writeTextFile(`${base}/${name}/deno`, "half");
  }
  await Deno.utime(`${base}/.part-old-1`, 1, 1);
  const { code } = await file.run(["x"], { env: { HOME } });
  assert.equal(code, 0);
  const names = [...Deno.readDirSync(base)].map(({ name }) => name);
  const hash = await payloadHash(file.file);
  assert.deepEqual(names.toSorted(), [".part-new-2", hash].toSorted());
});

Deno.test("portable file: the umask of whoever starts it is the program's", async () => {
  await using file = await PortableStandIn.make();
  const env = { HOME: await file.home() };
  const through = ["/bin/sh", "-c", 'umask 027; exec "$0" "$@"'];
  for (const _ of ["first", "second"]) {
    const { umask } = await file.run(["x"], { env, through });
    assert.equal(umask, "0027");
  }
});

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
