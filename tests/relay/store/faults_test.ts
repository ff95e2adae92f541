import assert from "node:assert/strict";
import type { StoreAnswer } from "../../../relay/store/contract.ts";
import { openSqlite } from "../../../relay/store/open_sqlite.ts";
import { pragma } from "../../../relay/store/schema.ts";
import { StoreRig } from "../../fakes/store_rig.ts";

const kinds = (answers: readonly StoreAnswer[]) =>
  answers.map((answer) => answer.kind === "failed" ? answer.why : answer.kind);
const reason = (answer: StoreAnswer | undefined) =>
  answer?.kind === "failed" ? answer.reason : "";

async function framesOf(rig: StoreRig, room: string): Promise<number> {
  return (await rig.page({ kind: "history", room })).messages.length;
}

Deno.test("StoreService: nothing is answered before the COMMIT that holds it, at synchronous FULL, has returned", async () => {
  await StoreRig.use({ commitRows: 3 }, async (rig) => {
    const full = rig.sql.sql.prepare("PRAGMA synchronous").get();
    assert.equal(full?.synchronous, 2);
    const atAnswer: (string | undefined)[] = [];
    const heard: number[] = [];
    rig.heard = (says) => {
      if ("kind" in says) return;
      atAnswer.push(rig.sql.executed.at(-1));
      heard.push(says.length);
    };
    await rig.ask([
      rig.opened("r"),
      ...Array.from({ length: 7 }, () => rig.message("r")),
    ]);
    assert.deepEqual(heard, [3, 3, 2]);
    assert.deepEqual(atAnswer, ["COMMIT", "COMMIT", "COMMIT"]);
  });
});

Deno.test("StoreService: a commit that fails fails all of its writes, none of which is there; the next succeeds", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    for (const words of ["database or disk is full", "disk I/O error", "?"]) {
      rig.sql.fail = (sql) => sql === "COMMIT" ? new Error(words) : undefined;
      const answers = await rig.ask([rig.message("r"), rig.message("r")]);
      assert.deepEqual(kinds(answers), ["storage", "storage"]);
      assert.equal(rig.states.at(-1)?.type, "store_unusable");
      rig.sql.fail = () => undefined;
      await rig.clock.advance(1_100);
      assert.equal(await framesOf(rig, "r"), 0);
    }
    const after = await rig.one(rig.message("r"));
    assert.ok(after.kind === "stored" && after.seq === 1_800_000_000_000);
    assert.equal(rig.states.at(-1)?.type, "store_ready");
  });
});

Deno.test("StoreService: one write that can't be stored costs the others nothing", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const bad = rig.message("r", { timestamp: "now" as unknown as number });
    const answers = await rig.ask([
      rig.message("r"),
      bad,
      rig.message("r"),
      rig.opened("s"),
      rig.message("s"),
      { ...bad, token: rig.token() },
      rig.message("r"),
    ]);
    assert.deepEqual(
      kinds(answers),
      ["stored", "storage", "stored", "stored", "stored", "storage", "stored"],
    );
    const { messages } = await rig.page({ kind: "history", room: "r" });
    const first = messages[0]?.seq ?? 0;
    assert.deepEqual(messages.map(({ seq }) => seq - first), [0, 1, 2]);
    assert.equal(rig.sql.opened, 1);
  });
});

Deno.test("StoreService: a database locked for a while delays, for long fails; reads go on; it recovers by itself", async () => {
  await StoreRig.use({ lockedMs: 300 }, async (rig) => {
    await rig.ask([rig.opened("r"), rig.message("r")]);
    const other = openSqlite(rig.path);
    other.exec("BEGIN IMMEDIATE");
    const short = rig.message("r");
    rig.receive([short]);
    await rig.clock.advance(100);
    assert.equal(rig.answers.some(({ token }) => token === short.token), false);
    assert.equal(await framesOf(rig, "r"), 1);
    other.exec("COMMIT");
    await rig.clock.advance(50);
    assert.equal(rig.answers.at(-1)?.kind, "stored");
    other.exec("BEGIN IMMEDIATE");
    const answer = await rig.one(rig.message("r"));
    assert.deepEqual(kinds([answer]), ["storage"]);
    assert.match(reason(answer), /locked by another process/);
    other.exec("COMMIT");
    other.close();
    assert.equal((await rig.one(rig.message("r"))).kind, "stored");
    assert.equal(await framesOf(rig, "r"), 3);
  });
});

Deno.test("StoreService: a file that takes no writes is a clear failure; it recovers by itself", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    rig.sql.sql.exec("PRAGMA query_only = 1");
    const answer = await rig.one(rig.message("r"));
    assert.match(reason(answer), /can't be written/);
    rig.sql.sql.exec("PRAGMA query_only = 0");
    assert.equal((await rig.one(rig.message("r"))).kind, "stored");
  });
});

Deno.test("StoreService: a full file is a clear failure; what was stored stays, and room makes it work again", async () => {
  const mostBytes = 40 * 4096;
  await StoreRig.use({ mostBytes, commitRows: 1 }, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const frame = "x".repeat(3_000);
    const answers = await rig.ask(
      Array.from({ length: 60 }, () => rig.message("r", { frame })),
    );
    const stored = kinds(answers).filter((kind) => kind === "stored").length;
    assert.ok(stored > 5 && stored < 60, `${stored} stored`);
    assert.match(reason(answers.at(-1)), /is full/);
    assert.equal(await framesOf(rig, "r"), stored);
    await rig.clock.advance(3_000);
    assert.equal((await rig.one(rig.message("r"))).kind, "stored");
  });
});

Deno.test("StoreService: a file that can't be opened is said and tried again; meanwhile every write fails", async () => {
  await StoreRig.use({}, async (rig) => {
    rig.stop();
    rig.sql.fail = (sql) =>
      sql === "open" ? new Error("unable to open database file") : undefined;
    rig.restart();
    assert.equal(rig.states.at(-1)?.type, "store_unusable");
    assert.match(reason(await rig.one(rig.opened("r"))), /can't be opened/);
    assert.deepEqual(
      kinds([
        await rig.one({
          kind: "history",
          token: rig.token(),
          room: "r",
          limit: 1,
          most_bytes: 1,
        }),
      ]),
      ["storage"],
    );
    rig.sql.fail = () => undefined;
    await rig.clock.advance(2_100);
    assert.equal(rig.states.at(-1)?.type, "store_ready");
    assert.equal((await rig.one(rig.opened("r"))).kind, "stored");
  });
});

Deno.test("StoreService: a file of a newer version or of another program is refused and left as it is", async () => {
  await StoreRig.use({}, (rig) => {
    for (
      const [change, words] of [
        ["PRAGMA user_version = 99", /newer version/],
        [
          "PRAGMA application_id = 5",
          /another program/,
        ],
      ] as const
    ) {
      const version = pragma(rig.sql.sql, "user_version");
      rig.sql.sql.exec(change);
      rig.restart();
      const state = rig.states.at(-1);
      assert.match(state?.type === "store_unusable" ? state.reason : "", words);
      const other = openSqlite(rig.path);
      other.exec(
        `PRAGMA user_version = ${version}; PRAGMA application_id = ${0x414e7273}`,
      );
      other.close();
      rig.restart();
      assert.equal(rig.states.at(-1)?.type, "store_ready");
    }
  });
});

Deno.test("StoreService: a damaged file is refused with what to do", async () => {
  await StoreRig.use({}, (rig) => {
    rig.stop();
    for (const tail of ["-wal", "-shm"]) {
      try {
        Deno.removeSync(rig.path + tail);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    Deno.writeTextFileSync(rig.path, "no database ".repeat(1_000));
    rig.restart();
    const state = rig.states.at(-1);
    assert.match(
      state?.type === "store_unusable" ? state.reason : "",
      /damaged; move it away/,
    );
  });
});

/** What the sockets were told of the store's health since the last call. */
function healthOf(rig: StoreRig): boolean[] {
  return rig.says.splice(0).flatMap((says) =>
    "kind" in says && says.kind === "health" ? [says.isUsable] : []
  );
}

Deno.test("StoreService: while nothing can be written the sockets know, and writing is tried although nobody asks", async () => {
  for (const words of ["database or disk is full", "disk I/O error"]) {
    await StoreRig.use({}, async (rig) => {
      await rig.ask([rig.opened("r"), rig.message("r")]);
      assert.deepEqual(healthOf(rig), []);
      rig.sql.fail = (sql) =>
        /^INSERT/.test(sql) ? new Error(words) : undefined;
      await rig.one(rig.message("r"));
      await rig.clock.advance(10_000);
      assert.deepEqual(healthOf(rig), [false], words);
      const state = rig.states.at(-1);
      assert.ok(state?.type === "store_unusable" && !state.isDamaged);
      rig.sql.fail = () => undefined;
      await rig.clock.advance(2_500);
      assert.deepEqual(healthOf(rig), [true], words);
      assert.equal(rig.states.at(-1)?.type, "store_ready");
      const left = rig.sql.sql.prepare("SELECT count(*) AS n FROM nonces");
      assert.equal(left.get()?.n, 0);
    });
  }
});

/** Harm to the files of a database that is open, after which what it acknowledges is not kept. */
const HARM: Readonly<Record<string, (path: string) => void>> = {
  "the file removed": (path) => Deno.removeSync(path),
  "the log removed": (path) => Deno.removeSync(`${path}-wal`),
  "another file in its place": (path) => {
    Deno.copyFileSync(path, `${path}.new`);
    Deno.renameSync(`${path}.new`, path);
  },
  "its pages overwritten": (path) => {
    using file = Deno.openSync(path, { write: true });
    file.seekSync(4_096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(Deno.statSync(path).size - 4_096).fill(7));
  },
  "cut to nothing": (path) => Deno.truncateSync(path),
};

Deno.test("StoreService: a database damaged while it is open is said to be, within six seconds, although all is remembered", async () => {
  for (const [name, harm] of Object.entries(HARM)) {
    await StoreRig.use({}, async (rig) => {
      await rig.ask([rig.opened("r"), rig.message("r")]);
      rig.restart();
      await rig.clock.advance(1_000);
      assert.equal(rig.states.at(-1)?.type, "store_ready", name);
      harm(rig.path);
      await rig.clock.advance(6_000);
      const damage = rig.states.find((state) =>
        state.type === "store_unusable" && state.isDamaged
      );
      assert.ok(damage, name);
      assert.equal(healthOf(rig).at(0), false, name);
    });
  }
});
