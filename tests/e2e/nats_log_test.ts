// The log that relays share, on real servers that are killed, paused and
// started again: what was stored comes to each who follows, once and in order.

import assert from "node:assert/strict";
import { jetstreamManager } from "@nats-io/jetstream";
import type { ServerAddress } from "../../relay/cluster/cluster_settings.ts";
import { connectToServers } from "../../relay/cluster/connect.ts";
import { LOG } from "../../relay/cluster/log_stream.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { NatsServers } from "../../scripts/nats_servers.ts";
import { batchOf, LogEnd, settingsFor } from "../fakes/log_end.ts";

function test(name: string, fn: (folder: string) => Promise<void>): void {
  natsTest(`the shared log: ${name}`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "agentnet-log-" });
    try {
      await fn(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** What each node's batches came to: the numbers in the order of the log, repeated ones counted once. */
function numbersOf(end: LogEnd, node: string): number[] {
  const numbers = end.entries.map(batchOf).filter((batch) =>
    batch?.node === node
  ).map((batch) => batch?.n ?? 0);
  return [...new Set(numbers)];
}

/** Between two ports that nobody listens on. */
function amongWrong(servers: readonly ServerAddress[]): ServerAddress[] {
  const closed = { hostname: "127.0.0.1", isTls: false };
  return [{ ...closed, port: 1 }, ...servers, { ...closed, port: 2 }];
}

/** How long an end of the log may take until it has read it, or knows that it can't, on any machine; milliseconds. */
const REACH_MS = 90_000;

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test("a killed server, a hung one and the end of all three lose, double and reorder nothing, also where more are named than there are", async (folder) => {
  await using servers = await NatsServers.start({ folder });
  const settings = settingsFor(servers);
  const among = { ...settings, servers: amongWrong(settings.servers) };
  using a = new LogEnd(settings, "a");
  using b = new LogEnd(among, "b");
  a.follow();
  b.follow();
  let isOver = false;
  const publish = async (end: LogEnd) => {
    while (!isOver) await end.publish(1);
    return end.written;
  };
  const published = Promise.all([publish(a), publish(b)]);
  const goesOn = () => Promise.all([a, b].map((end) => end.writes(20)));
  await goesOn();

  const killed = await servers.leader() ?? 0;
  await servers.kill(killed);
  await goesOn();
  servers.spawn(killed);
  await servers.ready();

  const hung = await servers.leader() ?? 0;
  servers.pause(hung);
  await goesOn();
  servers.resume(hung);
  await goesOn();

  await Promise.all([0, 1, 2].map((i) => servers.kill(i)));
  for (let i = 0; i < servers.count; i++) servers.spawn(i);
  await goesOn();
  isOver = true;
  const [ofA, ofB] = await published;
  const end = Math.max(...[a, b].map((one) => one.entries.length));
  await Promise.all([a, b].map((one) => one.reach(end, REACH_MS)));
  // What was said again may still come in behind that.
  const alike = a.entries.slice(0, end);
  assert.deepEqual(alike, b.entries.slice(0, end));
  assert.deepEqual(alike.map(({ position }) => position), upTo(end));
  assert.deepEqual(numbersOf(b, "a"), upTo(ofA));
  assert.deepEqual(numbersOf(a, "b"), upTo(ofB));

  using late = new LogEnd(among, "late");
  late.follow(end - 10);
  await late.reach(end, REACH_MS);
  assert.deepEqual(late.entries.slice(0, 10), alike.slice(-10));
});

/** What a relay is told that starts with these servers. */
async function refusal(
  servers: NatsServers,
  change: Partial<ReturnType<typeof settingsFor>> = {},
): Promise<string> {
  using end = new LogEnd({ ...settingsFor(servers), ...change }, "a");
  end.follow();
  await end.reach(Infinity, REACH_MS);
  return `${end.failure?.message}; ${end.failure?.fix}`;
}

test("servers that would lose what they acknowledged are refused, and what to set is said", async (folder) => {
  await using servers = await NatsServers.start({ folder, sync: "default" });
  assert.match(
    await refusal(servers),
    /n\d acknowledges .*sync_interval: always/,
  );
  using end = new LogEnd(
    { ...settingsFor(servers), isUnsafe: true },
    "a",
  );
  end.follow();
  await end.publish(1);
  assert.equal(end.failure, null);
});

test("a user is asked for, and one that may too little is told so", async (folder) => {
  const more = `authorization { users: [
    { user: relay, password: tea, permissions: {
      publish: ["an.log", "$JS.API.STREAM.*.AN", "$JS.API.CONSUMER.CREATE.AN.>", "$JS.FC.>"]
      subscribe: ["_INBOX.>"] } }
    { user: guest, password: tea, permissions: { publish: ["an.log"], subscribe: ["_INBOX.>"] } }
  ] }`;
  await using servers = await NatsServers.start({ folder, more });
  const as = (user: string, password: string) =>
    ({ credentials: { kind: "password", user, password } }) as const;
  assert.match(await refusal(servers), /refuse this relay.*--cluster-creds/);
  assert.match(
    await refusal(servers, as("relay", "milk")),
    /refuse this relay/,
  );
  assert.match(
    await refusal(servers, as("guest", "tea")),
    /let this relay's user not do.*operating-a-cluster/,
  );
  using end = new LogEnd(
    { ...settingsFor(servers), ...as("relay", "tea") },
    "a",
  );
  end.follow();
  await end.publish(3);
  assert.deepEqual(numbersOf(end, "a"), [1, 2, 3]);
});

test("a log as large as the servers have room for is made, and where that is too little it is said", async (folder) => {
  await Deno.mkdir(`${folder}/small`);
  await Deno.mkdir(`${folder}/tiny`);
  {
    const store = "max_file_store: 3G";
    const options = { folder: `${folder}/small`, store };
    await using servers = await NatsServers.start(options);
    using end = new LogEnd(settingsFor(servers), "a");
    end.follow();
    await end.publish(1);
  }
  const store = "max_file_store: 500M";
  const options = { folder: `${folder}/tiny`, store };
  await using servers = await NatsServers.start(options);
  assert.match(await refusal(servers), /storage.*max_file_store/);
});

test("a log that is removed and made anew is not gone on with, however far it comes", async (folder) => {
  await using servers = await NatsServers.start({ folder });
  const settings = settingsFor(servers);
  using a = new LogEnd(settings, "a");
  a.follow();
  await a.publish(5);
  const connection = await connectToServers(settings, "operator");
  const manager = await jetstreamManager(connection);
  await manager.streams.delete(LOG.stream);
  await connection.close();

  using b = new LogEnd(settings, "b");
  b.follow();
  await b.publish(20);
  await a.reach(Infinity, REACH_MS);
  assert.match(`${a.failure?.message}`, /it is another one/);
  assert.deepEqual(numbersOf(a, "a"), upTo(5));
  assert.deepEqual(numbersOf(a, "b"), []);
});
