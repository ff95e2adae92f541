// A program for daemon_test.ts: gives its network away as the keeper does, then starts two session workers through
// the nursery, one after the other's end. Prints a line for each that listens. Argument: a folder for their state.

import { Nursery } from "../../daemon/nursery.ts";
import type { SessionInit } from "../../daemon/messages.ts";

const [state = ""] = Deno.args;
const permissions = {
  net: ["127.0.0.1:9", "127.0.0.1:0"],
  read: [state],
  write: [state],
  env: false,
} as const;
const init: SessionInit = {
  type: "init",
  settings: {
    relayUrl: "ws://127.0.0.1:9/v1/ws",
    agentId: "A",
    agentName: "ada",
    version: "0",
    buffer: 10,
    queueForMs: 1000,
    brakes: true,
  },
  api: { hostname: "127.0.0.1", port: 0 },
  token: "t",
  databasePath: `${state}/mailbox.db`,
  pid: Deno.pid,
  startedAt: 0,
  warnings: [],
  workerRestarts: 0,
  insist: false,
};

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const nursery = Nursery.open(permissions, (reason) => say(`ended: ${reason}`));
for (const name of ["net", "env", "sys"] as const) {
  await Deno.permissions.revoke({ name });
}
for (const life of [1, 2]) {
  const worker = nursery.start(permissions);
  await new Promise<void>((resolve) => {
    worker.onmessage = ({ data }) => {
      if (data.type === "listening") resolve();
    };
    worker.onerror = ({ message }) => say(`failed: ${message}`);
    worker.postMessage(init, []);
  });
  worker.terminate();
  say(`life ${life} listened`);
}
const net = await Deno.permissions.query({ name: "net" });
say(`keeper's network: ${net.state}`);
nursery.close();
