import assert from "node:assert/strict";
import { SLICE_ROWS } from "../../../relay/store/retention.ts";
import { StoreRig } from "../../fakes/store_rig.ts";

function count(rig: StoreRig, table: "messages" | "rooms"): number {
  const row = rig.sql.sql.prepare(`SELECT count(*) AS n FROM ${table}`).get();
  return Number(row?.n);
}

/** The counters of the rooms against the rows that are there. */
function assertCounted(rig: StoreRig): void {
  const wrong = rig.sql.sql.prepare(
    `SELECT id, row_count, byte_count FROM rooms WHERE (row_count, byte_count) IS NOT
       (SELECT count(*), coalesce(sum(octet_length(frame)), 0) FROM messages WHERE room = rooms.id)`,
  ).all();
  assert.deepEqual(wrong, []);
}

async function fill(rig: StoreRig, room: string, rows: number): Promise<void> {
  await rig.ask(Array.from({ length: rows }, () => rig.message(room)));
}

Deno.test("Retention: messages go when they are too old, and no sooner", async () => {
  await StoreRig.use({ retainMs: 60_000 }, async (rig) => {
    await rig.ask([rig.opened("r")]);
    await fill(rig, "r", 700);
    await rig.clock.advance(30_000);
    await fill(rig, "r", 3);
    await rig.clock.advance(29_000);
    assert.equal(count(rig, "messages"), 703);
    await rig.clock.advance(5_000);
    assert.equal(count(rig, "messages"), 3);
    assertCounted(rig);
    const next = await rig.one(rig.message("r"));
    const { messages } = await rig.page({ kind: "history", room: "r" });
    assert.equal(next.kind === "stored" && next.seq, messages.at(-1)?.seq);
    assert.equal(messages.length, 4);
  });
});

Deno.test("Retention: of too many in all the oldest go, of too many in one room that room's", async () => {
  const options = { retainRows: 1_000, retainRoomRows: 800 };
  await StoreRig.use(options, async (rig) => {
    await rig.ask([rig.opened("old"), rig.opened("loud")]);
    await fill(rig, "old", 150);
    await fill(rig, "loud", 900);
    await rig.clock.advance(4_000);
    const kept = async (room: string) => {
      const after_seq = 0;
      const page = await rig.page({
        kind: "history",
        room,
        after_seq,
        limit: 2_000,
      });
      return page.messages.length;
    };
    assert.deepEqual([await kept("old"), await kept("loud")], [100, 800]);
    assertCounted(rig);
  });
});

Deno.test("Retention: an ended room is gone at once and cleared in slices, between which writes are committed", async () => {
  await StoreRig.use({ retainRows: 1_000_000 }, async (rig) => {
    await rig.ask([rig.opened("big"), rig.opened("r")]);
    await fill(rig, "big", 5 * SLICE_ROWS);
    const ended = await rig.one({
      kind: "room_ended",
      token: rig.token(),
      room: "big",
    });
    assert.equal(ended.kind, "stored");
    const gone = await rig.one(rig.message("big"));
    assert.equal(gone.kind === "failed" && gone.why, "no_room");
    assert.equal(count(rig, "messages"), 5 * SLICE_ROWS);
    const counts: number[] = [];
    for (let turn = 0; turn < 200 && count(rig, "rooms") > 1; turn++) {
      assert.equal((await rig.one(rig.message("r"))).kind, "stored");
      counts.push(count(rig, "messages"));
      await rig.clock.advance(10);
    }
    assert.equal(count(rig, "rooms"), 1);
    const steps = counts.map((n, i) => (counts[i - 1] ?? n) - n);
    assert.ok(Math.max(...steps) <= SLICE_ROWS, `${steps}`);
    assertCounted(rig);
  });
});

Deno.test("Retention: the file never passes its size, whatever is written", async () => {
  const mostBytes = 2 * 2 ** 20;
  await StoreRig.use({ mostBytes, commitRows: 100 }, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const frame = "x".repeat(1_000);
    let newest = "";
    for (let round = 0; round < 60; round++) {
      const batch = Array.from(
        { length: 100 },
        () => rig.message("r", { frame }),
      );
      const answers = await rig.ask(batch);
      assert.ok(answers.every(({ kind }) => kind === "stored"), `${round}`);
      newest = batch.at(-1)?.id ?? "";
      await rig.clock.advance(1_100);
      assert.ok(Deno.statSync(rig.path).size <= mostBytes);
    }
    const left = count(rig, "messages");
    assert.ok(left > 300 && left < 2_000, `${left} left`);
    const last = rig.sql.sql.prepare("SELECT id FROM messages ORDER BY n DESC")
      .get();
    assert.equal(last?.id, newest);
    assertCounted(rig);
  });
});

Deno.test("Retention: of a full file what was said in rooms with nobody in them goes first, the longest silent one's before", async () => {
  await StoreRig.use({ mostBytes: 1024 * 1024 }, async (rig) => {
    await rig.ask(
      ["oldest", "silent", "empty"].map((room) => rig.opened(room)),
    );
    const say = async (room: string, rows: number) => {
      const frame = `{"é":"${"x".repeat(1_000)}"}`;
      const row = () => rig.message(room, { frame });
      await rig.ask(Array.from({ length: rows }, row));
      await rig.clock.advance(10);
    };
    await say("oldest", 200);
    await say("silent", 50);
    await say("empty", 50);
    const since = rig.clock.wall();
    await rig.ask(["silent", "empty"].map((room) => ({
      ...{ kind: "room_emptied", token: rig.token(), room, since },
    })));
    const held = () => {
      rig.restart();
      const rooms = rig.ready?.rooms ?? [];
      return new Map<string, number>(
        rooms.map(({ name, messages }) => [name, messages]),
      );
    };
    for (let i = 0; i < 50; i++) {
      await say("oldest", 20);
      await rig.clock.advance(3_000);
      const rooms = held();
      if (rooms.get("empty") === 50) continue;
      assert.equal(rooms.get("silent"), 0, "the silent one went before");
      assert.equal(rooms.get("oldest"), 220 + 20 * i, "somebody is in it");
      assertCounted(rig);
      return;
    }
    assert.fail("the file never was full");
  });
});

Deno.test("Retention: what it removes of rooms that go on is told, with its bytes; of ended rooms nothing is", async () => {
  await StoreRig.use({ retainRoomRows: 3 }, async (rig) => {
    await rig.ask([rig.opened("r"), rig.opened("gone")]);
    await fill(rig, "gone", 5);
    await rig.one({ kind: "room_ended", token: rig.token(), room: "gone" });
    const frame = '{"text":"é"}';
    await rig.ask(Array.from({ length: 5 }, () => rig.message("r", { frame })));
    await rig.clock.advance(5_000);
    const removed = rig.says.flatMap((says) =>
      "kind" in says && says.kind === "removed" ? says.rooms : []
    );
    assert.deepEqual(removed, [{ room: "r", messages: 2, bytes: 26 }]);
  });
});

Deno.test("Retention: a closed room's name is forgotten when its time is over", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const closed_until = rig.clock.wall() + 60_000;
    const room = "r";
    await rig.one({
      kind: "room_ended",
      token: rig.token(),
      room,
      closed_until,
    });
    const closed = () => {
      rig.restart();
      return rig.ready?.closed;
    };
    assert.deepEqual(closed(), [{ room, until: closed_until }]);
    await rig.clock.advance(30_000);
    assert.equal(closed()?.length, 1);
    await rig.clock.advance(35_000);
    assert.deepEqual(closed(), []);
  });
});

Deno.test("Retention: pages that nothing needs are given back to the disk", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const frame = "x".repeat(8_000);
    for (let round = 0; round < 8; round++) {
      await rig.ask(
        Array.from({ length: 500 }, () => rig.message("r", { frame })),
      );
    }
    rig.restart();
    const before = Deno.statSync(rig.path).size;
    await rig.one({ kind: "room_ended", token: rig.token(), room: "r" });
    await rig.clock.advance(5_000);
    rig.restart();
    const after = Deno.statSync(rig.path).size;
    assert.ok(after < before / 2, `${before} → ${after}`);
  });
});

Deno.test("Retention: a fault in it is told, leaves the rows, and passes", async () => {
  await StoreRig.use({ retainRows: 10 }, async (rig) => {
    await rig.ask([rig.opened("r")]);
    await fill(rig, "r", 30);
    rig.sql.fail = (sql) =>
      /DELETE FROM messages/.test(sql)
        ? new Error("attempt to write a readonly database")
        : undefined;
    await rig.clock.advance(1_100);
    assert.equal(rig.states.at(-1)?.type, "store_unusable");
    assert.equal(count(rig, "messages"), 30);
    rig.sql.fail = () => undefined;
    await rig.clock.advance(1_100);
    assert.equal(count(rig, "messages"), 10);
    assertCounted(rig);
  });
});

const DAY = 86_400_000;
const HOUR = 3_600_000;

Deno.test("Retention: a clock 40 days ahead for 4 s, also over a restart of the database, removes nothing; one that stays does, after an hour", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    await fill(rig, "r", 10);
    await rig.clock.advance(5_000);
    const jump = async (ahead: number, ms: number) => {
      rig.clock.jumpWall(ahead);
      await rig.clock.advance(ms);
      return count(rig, "messages");
    };
    assert.equal(await jump(40 * DAY, 4_000), 10);
    assert.equal(await jump(-40 * DAY, 4_000), 10);
    rig.clock.jumpWall(40 * DAY);
    await fill(rig, "r", 1);
    rig.sql.fail = (sql) =>
      sql === "COMMIT" ? new Error("disk I/O error") : undefined;
    await rig.ask([rig.message("r")]);
    rig.sql.fail = () => undefined;
    await rig.clock.advance(4_000);
    assert.ok(rig.sql.opened > 1);
    assert.equal(count(rig, "messages"), 11);
    assert.equal(await jump(-40 * DAY, 4_000), 11);
    assert.equal(await jump(40 * DAY, HOUR - 10_000), 11);
    await rig.clock.advance(20_000);
    assert.equal(count(rig, "messages"), 1);
  });
});

Deno.test("Retention: a start after a long rest, or with a wrong clock, waits an hour before messages go by age", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    await fill(rig, "r", 10);
    rig.stop();
    rig.clock.jumpWall(40 * DAY);
    rig.restart();
    await rig.clock.advance(HOUR - 10_000);
    assert.equal(count(rig, "messages"), 10);
    await rig.clock.advance(20_000);
    assert.equal(count(rig, "messages"), 0);
  });
});
