// A relay of a cluster whose view is not what the others have: it leaves the
// service, makes its view anew from the log, and comes back.

import { DatabaseSync } from "node:sqlite";
import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage } from "../../scripts/stage.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { done, heard } from "../scenarios/private_room.ts";

function damage(path: string, sql: string): void {
  using view = new DatabaseSync(path);
  view.exec(sql);
}

/** What each row of a room's past says, at a relay. */
async function past(url: string, room: string): Promise<string[]> {
  const path = `/api/rooms/${room}/messages`;
  const answer = await fetch(new URL(path, url.replace("ws:", "http:")));
  const { messages } = await answer.json();
  return messages.map(({ seq, content }: { seq: number; content: string }) =>
    `${seq} ${JSON.parse(content).text}`
  );
}

natsTest(
  "a cluster: a relay with a damaged row in its view leaves the service, makes its view anew, and serves again as one of them",
  async () => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({ stage });
    const ada = stage.agent("ada");
    await ada.online({ relay: cluster.relay("a").url });
    await done(ada, ["create", "tea"]);
    await done(ada, ["send", "tea", "before"]);

    await cluster.stop("b");
    const view = `${cluster.dataOf("b")}/view.db`;
    damage(
      view,
      "UPDATE messages SET frame = replace(frame, 'before', 'forged')",
    );
    const relay = await cluster.startRelay("b");
    await done(ada, ["send", "tea", "after"]);
    await relay.process.line(
      /out of service.*not what the others have/,
      20_000,
    );
    await relay.process.line(/in service again/, 60_000);

    const status = await stage.run([
      ...["relay", "cluster", "status", "--data", cluster.dataOf("b")],
    ]);
    assert.equal(status.code, 0, status.stdout + status.stderr);
    const expected = await past(cluster.relay("a").url, "tea");
    assert.match(expected.join("\n"), /^\d+ after\n\d+ before$/);
    assert.deepEqual(await past(relay.url, "tea"), expected);

    // It is one of them in all else, too, and what it had is kept for whoever looks into it.
    const bob = stage.agent("bob");
    await bob.online({ relay: relay.url });
    await done(bob, ["join", "tea"]);
    await done(bob, ["send", "tea", "Here I am."]);
    await heard(ada, "Here I am.");
    const { mode } = await Deno.stat(`${cluster.dataOf("b")}/view-aside.db`);
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
      await cluster.stop("b");
      spoil();
      const again = await cluster.startRelay("b");
      assert.deepEqual(
        await past(again.url, "tea"),
        await past(cluster.relay("a").url, "tea"),
      );
    }
  },
);
