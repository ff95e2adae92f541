import assert from "node:assert/strict";
import type {
  StoreBatch,
  StoredBatch,
  ViewEntry,
} from "../../../relay/store/contract.ts";
import { StoreRig } from "../../fakes/store_rig.ts";

const VIEW = { isView: true, retainMs: 60_000 };
const AT = 1_800_000_000_000;

interface Told {
  readonly position: number;
  readonly after?: number;
  readonly rows?: StoreBatch["rows"];
  readonly at?: number;
  readonly ops?: number;
  readonly entries?: readonly ViewEntry[];
  readonly isTick?: boolean;
}

function batch(rig: StoreRig, told: Told): StoreBatch {
  const { position, rows = [], at = AT, ops = position, entries = [] } = told;
  const { isTick = false, after = standsAt(rig) } = told;
  const token = rig.token();
  return {
    ...{ kind: "batch", token, log: "log", after, position, at, ops },
    ...{ rules: 1, rows, entries, isTick },
  };
}

async function applied(rig: StoreRig, told: Told): Promise<StoredBatch> {
  const answer = await rig.one(batch(rig, told));
  assert.ok(answer.kind === "batch_stored", JSON.stringify(answer));
  return answer;
}

type Row = StoreBatch["rows"][number];

function opened(room: string): Row {
  const made = { created_by: "a", created_from: "", created_at: AT };
  return { kind: "room_opened", room, topic: "", tags: [], ...made };
}

function message(room: string, id: string, text_hash = id): Row {
  const frame = `{"id":"${id}"}`;
  const by = { from: "ann", from_name: "Ann", timestamp: AT };
  return {
    ...{ kind: "message", room, id, frame, text_hash, received_at: AT },
    ...by,
  };
}

function standsAt(rig: StoreRig): number {
  const row = rig.sql.sql.prepare("SELECT position FROM view_place").get();
  return Number(row?.position);
}

function rows(rig: StoreRig): number {
  const row = rig.sql.sql.prepare("SELECT count(*) AS n FROM messages").get();
  return Number(row?.n);
}

Deno.test("View: what a batch's messages came to is told in their order, and how far the log is applied is remembered", async () => {
  await StoreRig.use(VIEW, async (rig) => {
    assert.deepEqual(rig.ready?.view, {
      ...{ log: "", position: 0, at: 0, ops: 0, entries: [] },
    });
    const first = await applied(rig, {
      position: 7,
      rows: [opened("tea"), message("tea", "1"), message("tea", "2")],
      entries: [["b", "2"], ["a", "1"]],
    });
    const seqs = first.answers.map((one) => one.kind === "stored" && one.seq);
    assert.deepEqual(seqs, [AT, AT + 1]);
    const second = await applied(rig, {
      position: 9,
      at: AT + 5,
      ops: 12,
      rows: [
        message("tea", "1"),
        message("tea", "2", "other"),
        message("jam", "3"),
      ],
      entries: [["b", null], ["c", "3"]],
    });
    const kinds = second.answers.map((one) =>
      one.kind === "failed" ? one.why : one.kind === "stored" && one.duplicate
    );
    assert.deepEqual(kinds, [true, "conflict", "no_room"]);
    rig.restart();
    assert.deepEqual(rig.ready?.view, {
      ...{ log: "log", position: 9, at: AT + 5, ops: 12 },
      entries: [["a", "1"], ["c", "3"]],
    });
  });
});

Deno.test("View: a batch is in it whole or not at all, and is taken when it comes again", async () => {
  await StoreRig.use(VIEW, async (rig) => {
    await applied(rig, { position: 1, rows: [opened("tea")] });
    rig.sql.fail = (sql) =>
      sql.startsWith("UPDATE view_place")
        ? new Error("database or disk is full")
        : undefined;
    const told = {
      position: 2,
      rows: [message("tea", "1")],
      entries: [["k", "v"]],
    } as const;
    const failed = await rig.one(batch(rig, told));
    assert.equal(failed.kind, "failed");
    assert.equal(rows(rig), 0);
    rig.sql.fail = () => undefined;
    const { answers: [answer] } = await applied(rig, told);
    assert.equal(answer?.kind === "stored" && answer.seq, AT);
    assert.equal(answer?.kind === "stored" && answer.duplicate, undefined);
    rig.restart();
    assert.equal(rig.ready?.view?.position, 2);
    assert.deepEqual(rig.ready?.view?.entries, [["k", "v"]]);
  });
});

Deno.test("View: a thousand ops, and a tick, are a checkpoint, the same for the same rows, over restarts and refusals, and for no others", async () => {
  const digests: (string | undefined)[] = [];
  const lasts = ["same", "same", "other", "refused"];
  for (const last of lasts) {
    await StoreRig.use(VIEW, async (rig) => {
      const first = await applied(rig, {
        position: 1,
        ops: 600,
        rows: [opened("tea"), message("tea", "1")],
      });
      assert.equal(first.checkpoint, undefined);
      if (digests.length === 1) rig.restart();
      const second = await applied(rig, {
        position: 2,
        ops: 1_004,
        rows: [message(last === "refused" ? "jam" : "tea", last)],
      });
      assert.equal(second.checkpoint?.ops, 1_004);
      digests.push(second.checkpoint?.digest);
      const third = await applied(rig, { position: 3, ops: 1_999 });
      assert.equal(third.checkpoint, undefined);
      const tick = { position: 4, ops: 1_999, isTick: true };
      const fourth = await applied(rig, tick);
      assert.equal(fourth.checkpoint?.ops, 1_999);
    });
  }
  assert.equal(digests[0], digests[1]);
  assert.equal(new Set(digests).size, lasts.length - 1);
});

Deno.test("View: what is too old goes by the log's ticks and by nothing else, and is told", async () => {
  await StoreRig.use(VIEW, async (rig) => {
    const texts = Array.from({ length: 30 }, (_, i) => message("tea", `${i}`));
    await applied(rig, { position: 1, rows: [opened("tea"), ...texts] });
    await rig.clock.advance(3_600_000);
    assert.equal(rows(rig), 30);
    await applied(rig, { position: 2, at: AT + 61_000 });
    assert.equal(rows(rig), 30);
    const early = await applied(rig, {
      ...{ position: 3, at: AT + 60_000, isTick: true },
    });
    assert.deepEqual([rows(rig), early.removed], [30, []]);
    const { removed } = await applied(rig, {
      ...{ position: 4, at: AT + 60_001, isTick: true },
    });
    assert.equal(rows(rig), 0);
    const bytes = texts.reduce(
      (sum, row) => sum + (row.kind === "message" ? row.frame.length : 0),
      0,
    );
    assert.deepEqual(removed, [{ room: "tea", messages: 30, bytes }]);
  });
});

Deno.test("View: no commit of one waits for the disk, each of a relay's by itself does", async () => {
  for (const [isView, mode] of [[true, "OFF"], [false, "FULL"]] as const) {
    await StoreRig.use({ isView }, (rig) => {
      const set = rig.sql.executed.filter((sql) => sql.includes("synchronous"));
      assert.deepEqual(set, [`PRAGMA synchronous = ${mode}`]);
    });
  }
});

/** The statements that a batch makes a view run. */
async function cost(rig: StoreRig, told: Told): Promise<string[]> {
  const from = rig.sql.executed.length;
  await applied(rig, told);
  return rig.sql.executed.slice(from);
}

Deno.test("View: what a message or a tick costs does not grow with the view; rows of before are looked at with ticks alone", async () => {
  const costs: { said: string[]; tick: string[] }[] = [];
  for (const count of [1, 500]) {
    await StoreRig.use(VIEW, async (rig) => {
      const ids = Array.from({ length: count }, (_, i) => `${i}`);
      await applied(rig, {
        position: 1,
        rows: ids.flatMap((
          id,
        ) => [opened(`room-${id}`), message(`room-${id}`, id)]),
        entries: ids.map((id) => [`seat room-${id} ann`, "{}"]),
      });
      const rows = [message("room-0", "new")];
      const said = await cost(rig, { position: 2, rows });
      const tick = await cost(rig, { position: 3, isTick: true });
      costs.push({ said, tick });
    });
  }
  const [small, large] = costs;
  assert.deepEqual(large, small);
  const { said = [], tick = [] } = large ?? {};
  assert.ok(said.length <= 6, said.join("\n"));
  assert.ok(tick.length <= 40, tick.join("\n"));
  const audits = (sqls: readonly string[]) =>
    sqls.filter((sql) => /view_audit|LIMIT 32/.test(sql)).length;
  assert.deepEqual([audits(said), audits(tick)], [0, 18]);
});

Deno.test("View: a batch that does not follow upon what it has is not written, nor is any behind it, and says so", async () => {
  await StoreRig.use(VIEW, async (rig) => {
    await applied(rig, { position: 3, rows: [opened("tea")] });
    const said = (id: string) => ({ rows: [message("tea", id)] });
    for (const after of [0, 2, 4]) {
      const answer = await rig.one(
        batch(rig, { position: 7, after, ...said(`${after}`) }),
      );
      assert.equal(answer.kind === "failed" && answer.why, "place");
    }
    const [first, lost, behind] = await rig.ask([
      batch(rig, { position: 4, after: 3, ...said("first") }),
      batch(rig, { position: 6, after: 5, ...said("lost") }),
      batch(rig, { position: 7, after: 6, ...said("behind") }),
    ]);
    assert.deepEqual(
      [first, lost, behind].map((one) =>
        one?.kind === "failed" ? one.why : one?.kind
      ),
      ["batch_stored", "place", "place"],
    );
    assert.deepEqual([standsAt(rig), rows(rig)], [4, 1]);
  });
});
