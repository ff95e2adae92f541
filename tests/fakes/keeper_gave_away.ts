import { WAKE_DEFAULT } from "../../lib/local_api/wake_policy.ts";
// A program for daemon_test.ts: starts a session worker, gives away what the keeper gives away, and starts another
// after the end of the first. Prints a line for each that listens, then what it can still do itself.
// Argument: a data dir with a folder `state`; beside it lies `other`.

import type { SessionInit } from "../../daemon/worker/keeper_messages.ts";
import { sessionStarter } from "../../daemon/permissions/session_starter.ts";

const [dataDir = ""] = Deno.args;
const state = `${dataDir}/state`;
const permissions = {
  net: ["127.0.0.1:9", "127.0.0.1:0"],
  read: [state],
  write: [state],
  env: false,
} as const;
const init: SessionInit = {
  type: "init",
  settings: {
    relayUrls: ["ws://127.0.0.1:9/v1/ws"],
    agentId: "A",
    agentName: "ada",
    version: "0",
    buffer: 10,
    queueForMs: 1000,
    brakes: true,
    receipts: "shown",
    wake: WAKE_DEFAULT,
  },
  api: { hostname: "127.0.0.1", port: 0 },
  token: "t",
  databasePath: `${state}/mailbox.db`,
  filesPath: `${state}/files`,
  pid: Deno.pid,
  heldBy: "daemon" as const,
  startedAt: 0,
  warnings: [],
  posts: [],
  workerRestarts: 0,
  restartsInARow: 0,
  insist: false,
  isAnyPort: false,
};

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const starter = await sessionStarter({
  permissions,
  dataDir,
  alsoNet: [],
  alsoFiles: [],
  alsoReads: [],
  onFailed: (reason) => say(`ended: ${reason}`),
});
for (const life of [1, 2]) {
  const worker = starter.start();
  await new Promise<void>((resolve) => {
    worker.onmessage = ({ data }) => {
      if (data.type === "listening") resolve();
    };
    worker.onerror = ({ message }) => say(`failed: ${message}`);
    worker.postMessage(init, []);
  });
  if (life === 1) await starter.giveAway();
  worker.terminate();
  say(`life ${life} listened`);
}
starter.close();

/** What the keeper might be tricked into, and what it has to be able to do. */
const TRIES: Readonly<Record<string, () => unknown>> = {
  "write its own": () => Deno.writeTextFileSync(`${dataDir}/api.addr`, "a"),
  "read its own": () => Deno.readTextFileSync(`${dataDir}/api.addr`),
  "move its own": () =>
    Deno.renameSync(`${dataDir}/api.addr`, `${dataDir}/api.token`),
  "remove its own": () => Deno.removeSync(`${dataDir}/api.token`),
  "read /etc/passwd": () => Deno.readTextFileSync("/etc/passwd"),
  "read beside": () => Deno.readTextFileSync(`${dataDir}/../other`),
  "write beside": () => Deno.writeTextFileSync(`${dataDir}/../other`, "x"),
  "open the program to write": () =>
    Deno.openSync(new URL(import.meta.url), { append: true }).close(),
  environment: () => Deno.env.get("HOME"),
  hostname: () => Deno.hostname(),
  "another relay": () => dial("127.0.0.1", 10),
  "another host": () => dial("192.0.2.1", 9),
};
for (const [name, action] of Object.entries(TRIES)) {
  try {
    await action();
    say(`${name}: done`);
  } catch (error) {
    say(`${name}: ${(error as Error).name}`);
  }
}

async function dial(hostname: string, port: number): Promise<void> {
  (await Deno.connect({ hostname, port })).close();
}
