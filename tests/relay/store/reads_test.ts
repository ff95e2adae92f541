import assert from "node:assert/strict";
import {
  REST_GROUP_ROWS,
  type StoredMessage,
} from "../../../relay/store/contract.ts";
import { StoreRig } from "../../fakes/store_rig.ts";

const ALIKE = 10_000;

/** Pages through a room until there is no more. */
async function pages(
  next: (
    last: StoredMessage | undefined,
  ) => Promise<{ messages: readonly StoredMessage[]; has_more: boolean }>,
): Promise<StoredMessage[]> {
  const all: StoredMessage[] = [];
  for (;;) {
    const { messages, has_more } = await next(all.at(-1));
    all.push(...messages);
    if (!has_more) return all;
    assert.ok(messages.length > 0, "a page with more behind it holds a row");
  }
}

async function fill(
  rig: StoreRig,
  count: number,
  timestamp: (i: number) => number,
): Promise<void> {
  await rig.ask([rig.opened("r")]);
  await rig.ask(Array.from(
    { length: count },
    (_, i) => rig.message("r", { timestamp: timestamp(i), frame: `${i}` }),
  ));
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
const frames = (rows: readonly StoredMessage[]) => rows.map((row) => row.frame);

Deno.test("Reads: 10,000 messages with equal timestamps are paged each once, both ways and by REST", async () => {
  await StoreRig.use({}, async (rig) => {
    await fill(rig, ALIKE, () => 7);
    const up = await pages((last) =>
      rig.page({ kind: "history", room: "r", after_seq: last?.seq ?? 0 })
    );
    assert.deepEqual(frames(up), upTo(ALIKE));
    const down = await pages((last) =>
      rig.page({
        kind: "rest_history",
        room: "r",
        ...(last ? { before_seq: last.seq } : {}),
      })
    );
    assert.deepEqual(frames(down), upTo(ALIKE).reverse());
  });
});

Deno.test("Reads: history without after_seq is the newest page, oldest first, and goes back by before_seq", async () => {
  await StoreRig.use({}, async (rig) => {
    await fill(rig, 25, (i) => i);
    const newest = await rig.page({ kind: "history", room: "r", limit: 10 });
    assert.deepEqual(frames(newest.messages), upTo(25).slice(15));
    assert.equal(newest.has_more, true);
    const before_seq = newest.messages[0]?.seq ?? 0;
    const older = await rig.page({
      kind: "history",
      room: "r",
      limit: 20,
      before_seq,
    });
    assert.deepEqual(frames(older.messages), upTo(15));
    assert.equal(older.has_more, false);
  });
});

Deno.test("Reads: REST by before loses nothing at an edge between equal timestamps", async () => {
  await StoreRig.use({}, async (rig) => {
    const timestamps = Array.from({ length: 400 }, (_, i) => 100 + i % 60);
    await fill(rig, 400, (i) => timestamps[i] ?? 0);
    const seen: StoredMessage[] = await pages((last) =>
      rig.page({
        kind: "rest_history",
        room: "r",
        limit: 11,
        before: last ? timestamps[Number(last.frame)] ?? 0 : 1_000,
      })
    );
    assert.deepEqual(
      frames(seen).map(Number).toSorted((a, b) => a - b),
      upTo(400).map(Number),
    );
  });
});

Deno.test("Reads: REST by before gives a timestamp that overfills the page whole, up to its bound", async () => {
  await StoreRig.use({}, async (rig) => {
    await fill(rig, REST_GROUP_ROWS + 5, (i) => i < 5 ? i : 50);
    const ask = (before: number) =>
      rig.page({ kind: "rest_history", room: "r", limit: 50, before });
    const whole = await ask(51);
    assert.equal(whole.messages.length, REST_GROUP_ROWS);
    assert.equal(whole.has_more, true);
    const rest = await ask(50);
    assert.deepEqual(frames(rest.messages), upTo(5).reverse());
    assert.equal(rest.has_more, false);
  });
});

Deno.test("Reads: a page is bounded in bytes of UTF-8, and holds one row however large", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const frame = "é".repeat(500);
    await rig.ask(
      Array.from({ length: 9 }, () => rig.message("r", { frame })),
    );
    const sizes = [];
    for (const most_bytes of [1, 3_000, 5_000, 2 ** 20]) {
      const page = await rig.page({ kind: "history", room: "r", most_bytes });
      sizes.push([page.messages.length, page.has_more]);
    }
    assert.deepEqual(sizes, [[1, true], [2, true], [4, true], [9, false]]);
  });
});

Deno.test("Reads: a read without its values fails alone; the file stays open", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const answer = await rig.one({
      kind: "history",
      token: rig.token(),
      room: "r",
      after_seq: {} as unknown as number,
      limit: 5,
      most_bytes: 100,
    });
    assert.equal(answer.kind === "failed" && answer.why, "storage");
    assert.equal(rig.sql.opened, 1);
    const page = await rig.page({ kind: "history", room: "r" });
    assert.deepEqual(page.messages, []);
  });
});
