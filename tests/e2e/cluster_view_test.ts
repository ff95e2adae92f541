// A relay of a cluster whose view is not what the others have: it leaves the
// service, makes its view anew from the log, and comes back.

import { DatabaseSync } from "node:sqlite";
import assert from "node:assert/strict";
import { ClusterStage, type Wires } from "../../scripts/cluster_stage.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { ClusterWires } from "../fakes/cluster_wires.ts";
import { cutLog } from "../fakes/server_streams.ts";
import { settingsFor } from "../fakes/log_end.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { holdsSoon, soon } from "../scenarios/crowd.ts";
import { SmallDisk } from "../fakes/small_disk.ts";
import { canMount } from "../scenarios/disk_faults.ts";
import { done, heard } from "../scenarios/private_room.ts";

/** How long a relay may take until it says so, and may hold its view's lock, on any machine; milliseconds. */
const SAID_MS = 120_000;
const LOCKED_MS = 30_000;

function damage(path: string, sql: string): void {
  using view = new DatabaseSync(path, { timeout: LOCKED_MS });
  view.exec(sql);
}

/** What each row of a room's past says, at a relay, which says 503 while it lost the log. */
async function past(url: string, room: string): Promise<string[]> {
  const path = `/api/rooms/${room}/messages`;
  const { messages } = await soon(`the past at ${url}`, async () => {
    const answer = await fetch(new URL(path, url.replace("ws:", "http:")));
    if (answer.ok) return await answer.json();
    await answer.body?.cancel();
    return undefined;
  });
  return messages.map(({ seq, content }: { seq: number; content: string }) =>
    `${seq} ${JSON.parse(content).text}`
  );
}

natsTest(
  "a cluster: a relay with a damaged row in its view leaves the service, makes its view anew, and serves again as one of them; where the log's beginning is gone one gets another's view",
  async () => {
    await using stage = await Stage.open();
    using lines = new ClusterWires();
    const wires = wiresOf("d", lines);
    await using cluster = await ClusterStage.start({ stage, wires });
    const ada = stage.agent("ada");
    await ada.online({ relay: cluster.relay("a").url });
    await done(ada, ["create", "tea"]);
    await done(ada, ["send", "tea", "before"]);

    // Of two that differ, while the third stands still, the one goes whose name comes later.
    await cluster.stop("c");
    const view = `${cluster.dataOf("c")}/view.db`;
    damage(
      view,
      "UPDATE messages SET frame = replace(frame, 'before', 'forged')",
    );
    const relay = await cluster.startRelay("c");
    await done(ada, ["send", "tea", "after"]);
    await relay.process.line(
      /out of service.*not what the others have/,
      SAID_MS,
    );
    await relay.process.line(/in service again/, SAID_MS);

    await holdsSoon(async () => {
      const status = await stage.run([
        ...["relay", "cluster", "status", "--data", cluster.dataOf("c")],
      ]);
      assert.equal(status.code, 0, status.stdout + status.stderr);
    });
    const expected = await past(cluster.relay("a").url, "tea");
    assert.match(expected.join("\n"), /^\d+ after\n\d+ before$/);
    assert.deepEqual(await past(relay.url, "tea"), expected);

    // It is one of them in all else, too, and what it had is kept for whoever looks into it.
    const bob = stage.agent("bob");
    await bob.online({ relay: relay.url });
    await done(bob, ["join", "tea"]);
    await done(bob, ["send", "tea", "Here I am."]);
    await heard(ada, "Here I am.");
    const { mode } = await Deno.stat(`${cluster.dataOf("c")}/view-aside.db`);
    assert.equal(mode && mode & 0o777, 0o600);

    // What no program wrote, and a file that SQLite itself can't read, are made anew as well.
    const unreadable = [
      () => damage(view, "UPDATE view_entries SET value = '{'"),
      () =>
        Deno.writeTextFileSync(view, "no database".repeat(1_000), {
          mode: 0o600,
        }),
    ];
    for (const spoil of unreadable) {
      await cluster.stop("c");
      spoil();
      const again = await cluster.startRelay("c");
      assert.deepEqual(
        await past(again.url, "tea"),
        await past(cluster.relay("a").url, "tea"),
      );
    }

    await withoutBeginning({ stage, cluster, lines }, ada);
  },
);

/** Enough that a copy takes a moment; no relay looks at such a table. */
const PADDING =
  `CREATE TABLE padding AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
   SELECT randomblob(1048576) AS bytes FROM n`;

/**
 * A relay gets what the log lacks from another one: a new one, also where that is killed in the middle, one that was down for too
 * long, and one whose view differs; none whose disk is too small.
 */
async function withoutBeginning(
  { stage, cluster, lines }: {
    readonly stage: Stage;
    readonly cluster: ClusterStage;
    /** Relay d's to the servers. */
    readonly lines: ClusterWires;
  },
  ada: StagedAgent,
): Promise<void> {
  await cluster.stop("c");
  for (const node of ["a", "b"]) {
    damage(`${cluster.dataOf(node)}/view.db`, PADDING);
    await done(ada, ["send", "tea", `Without c, ${node}.`]);
  }
  await cutLog(settingsFor(cluster.servers));
  const starting = cluster.startRelay("d");
  delay(lines, SLOW_MS);
  const killed = await killSource(cluster, ["a", "b"]);
  delay(lines, 0);
  const added = await starting;
  await added.process.line(/did not come.*does not answer/, SAID_MS);
  await added.process.line(TAKEN, SAID_MS);
  const [, late] = await Promise.all([
    cluster.startRelay(killed),
    cluster.startRelay("c"),
  ]);
  await late.process.line(TAKEN, SAID_MS);
  await areEqual(stage, cluster);

  await cluster.stop("d");
  damage(`${cluster.dataOf("d")}/view.db`, "UPDATE messages SET frame = 'x'");
  const differing = await cluster.startRelay("d");
  await differing.process.line(/in service again/, SAID_MS);
  await areEqual(stage, cluster);
  if (canMount()) await withoutRoom(cluster);
}

/** One whose disk has no room for a copy ends, says how much that wants, and leaves nothing of it. */
async function withoutRoom(cluster: ClusterStage): Promise<void> {
  const data = cluster.dataOf("e");
  Deno.mkdirSync(data);
  using _disk = new SmallDisk(data, 20);
  await assert.rejects(
    cluster.startRelay("e"),
    /can't be written: No space left on device.*room for 6\d{7} bytes/s,
  );
  const left = [...Deno.readDirSync(data)].map(({ name }) => name).toSorted();
  assert.deepEqual(left, ["relay.lock", "view.db"]);
}

const TAKEN = /another relay's view is taken.*position/;

/** What one relay hears comes by way of this thread, all else directly. */
function wiresOf(one: string, lines: ClusterWires): Wires {
  return {
    route: (_from, _to, port) => port,
    client: (node, to, port) =>
      node === one ? lines.client(node, to, port) : port,
  };
}

/** That no copy is whole before it was seen to have begun, for each 64 KB; milliseconds. */
const SLOW_MS = 5;

function delay(lines: ClusterWires, ms: number): void {
  for (const line of lines.ofRelay("d")) line.delayMs = ms;
}

/** Kills the relay whose copy comes in at d, once some of it has. @returns its name */
async function killSource(
  cluster: ClusterStage,
  nodes: readonly string[],
): Promise<string> {
  const coming = `${cluster.dataOf("d")}/view-coming.db`;
  await until(() => sizeOf(coming) > 0);
  const source = nodes.find((node) =>
    sizeOf(`${cluster.dataOf(node)}/view-given.db`) > 0
  );
  assert.ok(source);
  await cluster.kill(source);
  return source;
}

/** All have the same, of each row of a room's past too, and nothing of a copy is left anywhere. */
async function areEqual(stage: Stage, cluster: ClusterStage): Promise<void> {
  const expected = await past(cluster.relay("d").url, "tea");
  assert.match(expected.join("\n"), /Without c/);
  for (const node of cluster.nodes) {
    const data = cluster.dataOf(node);
    await until(async () => {
      const command = ["relay", "cluster", "status", "--data", data];
      return (await stage.run(command)).code === 0;
    });
    assert.deepEqual(await past(cluster.relay(node).url, "tea"), expected);
    const isCopy = /^view-(given|coming|taken)/;
    await until(() =>
      [...Deno.readDirSync(data)].every(({ name }) => !isCopy.test(name))
    );
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + SAID_MS;
  while (!await holds()) {
    assert.ok(performance.now() < end, `${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
