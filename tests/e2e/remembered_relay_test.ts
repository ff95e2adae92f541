// What launcher and portable file make of the relay that a data dir remembers.

import assert from "node:assert/strict";
import { PortableStandIn } from "../fakes/portable_stand_in.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);
const LOOPBACK = "127.0.0.0/8,localhost,[::1]";
const NARROW = `--allow-net=relay.example.org:443,${LOOPBACK}`;
const ALL = "--allow-net";
const URL_LINE = "wss://relay.example.org/v1/ws\n";

/** The flag for the network that a command gets, in a home whose data dirs remember these lines. */
type NetOf = (
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<string | undefined>;

/** Arguments, environment, and what is granted. */
const CASES: readonly [string[], Record<string, string>, string][] = [
  [["daemon"], {}, NARROW],
  [["daemon", "--as", "bob"], {}, `--allow-net=10.0.0.7:80,${LOOPBACK}`],
  [["daemon"], { AGENTNET_AS: "bob" }, `--allow-net=10.0.0.7:80,${LOOPBACK}`],
  [["daemon", "--as=none"], {}, ALL],
  [
    ["daemon", "--as", "two"],
    {},
    `--allow-net=a.example.org:443,10.0.0.7:80,${LOOPBACK}`,
  ],
  // What is said wins over what is remembered.
  [
    ["daemon", "--relay", "ws://10.0.0.8"],
    {},
    `--allow-net=10.0.0.8:80,${LOOPBACK}`,
  ],
  [["daemon"], { AGENTNET_DATA_DIR: "/nowhere" }, ALL],
  // A hostile line opens nothing but what the program narrows itself, and runs nothing.
  [["daemon", "--as", "evil"], {}, ALL],
  [["daemon", "--as", "shell"], {}, ALL],
  [["daemon", "--as", "folder"], {}, ALL],
  [["daemon", "--as", "cut"], {}, ALL],
  [["daemon", "--as", "../bob"], {}, NARROW],
  // An MCP server holds a daemon, where it knows a relay.
  [["mcp"], {}, NARROW],
  [
    ["mcp"],
    { AGENTNET_DATA_DIR: "/nowhere" },
    `--allow-net=${LOOPBACK}`,
  ],
  // A word is a flag as a whole alone.
  [
    ["daemon", "--name", "y--", "--as", "bob"],
    {},
    "--allow-net=10.0.0.7:80," + LOOPBACK,
  ],
  [["daemon", "--dataDir", "/nowhere"], {}, ALL],
  // No other command needs the relay.
  [["status"], {}, `--allow-net=${LOOPBACK}`],
  [["join", "tea"], {}, `--allow-net=${LOOPBACK}`],
  [["up"], {}, `--allow-net=${LOOPBACK}`],
];

async function fill(home: string): Promise<void> {
  const lines: Record<string, string> = {
    ".agentnet": URL_LINE,
    ".agentnet/as/bob": "ws://10.0.0.7/x\n",
    ".agentnet/as/two": "wss://a.example.org/v1/ws,ws://10.0.0.7/x\n",
    // Cut off, as by a full disk: not read.
    ".agentnet/as/cut": "ws://10.0.0",
    ".agentnet/as/evil": "wss://relay.example.org,evil.example\n",
    ".agentnet/as/shell": '$(touch "$HOME/ran") `touch "$HOME/ran"`\n',
  };
  for (const [dir, line] of Object.entries(lines)) {
    await Deno.mkdir(`${home}/${dir}`, { recursive: true });
    await Deno.writeTextFile(`${home}/${dir}/relay.url`, line);
  }
  await Deno.mkdir(`${home}/.agentnet/as/folder/relay.url`, {
    recursive: true,
  });
}

async function check(home: string, netOf: NetOf): Promise<void> {
  await fill(home);
  for (const [args, env, expected] of CASES) {
    assert.equal(await netOf(args, env), expected, args.join(" "));
  }
  await assert.rejects(Deno.stat(`${home}/ran`), Deno.errors.NotFound);
}

Deno.test("scripts/agentnet: a daemon's network is narrowed to the relay that its data dir remembers", async () => {
  const home = await Deno.makeTempDir({ prefix: "home of " });
  try {
    await check(home, async (args, env) => {
      const { stdout } = await new Deno.Command(LAUNCHER, {
        args: [...args],
        clearEnv: true,
        // In place of Deno a program that prints what it is given.
        env: { PATH: "/usr/bin:/bin", DENO: "/bin/echo", HOME: home, ...env },
        stdin: "null",
      }).output();
      return netFlag(new TextDecoder().decode(stdout).split(/\s/));
    });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("portable file: a daemon's network is narrowed to the relay that its data dir remembers", async () => {
  await using file = await PortableStandIn.make();
  const home = await file.home();
  await check(home, async (args, env) => {
    const { flags } = await file.run(args, { env: { HOME: home, ...env } });
    return netFlag(flags);
  });
});

const netFlag = (flags: readonly string[]) =>
  flags.find((flag) => flag.startsWith("--allow-net"));
