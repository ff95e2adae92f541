import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import {
  diskFiles,
  type PrivateFiles,
} from "../../../lib/host/private_files.ts";
import { SteadyTime } from "../../../lib/steady_time.ts";
import { isFault } from "../../../relay/store/database.ts";
import { openSqlite } from "../../../relay/store/open_sqlite.ts";
import { openStore } from "../../../relay/store/opened_store.ts";
import { STORE_DEFAULTS } from "../../../relay/store/store_options.ts";
import {
  type CopyFiles,
  type FromViewCopies,
  VIEW_PIECE_BYTES,
} from "../../../relay/view_copy/copy_port.ts";
import type { CopyDisk } from "../../../relay/view_copy/coming_copy.ts";
import { CopyService } from "../../../relay/view_copy/copy_service.ts";
import { SqlFaults } from "../../fakes/sql_faults.ts";

const LOG = "2026-01-01T00:00:00Z";
const PADDING_BYTES = 900_000;
const SOUND: CopyDisk = { files: diskFiles, open: openSqlite };

/** A view as a relay writes it, of several pieces, open as a relay has it. */
function openView(path: string) {
  const store = openStore(path, {
    open: openSqlite,
    options: { ...STORE_DEFAULTS, isView: true },
    time: new SteadyTime(1_000),
  });
  assert.ok(!isFault(store));
  const { sql } = store;
  sql.prepare("UPDATE view_place SET log = ?, position = 41").run(LOG);
  sql.exec(`CREATE TABLE padding (bytes BLOB);
    INSERT INTO padding VALUES (randomblob(${PADDING_BYTES}))`);
  return sql;
}

function pathsIn(folder: string): CopyFiles {
  return {
    view: `${folder}/view.db`,
    given: `${folder}/view-given.db`,
    coming: `${folder}/view-coming.db`,
    taken: `${folder}/view-taken.db`,
  };
}

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();

interface Two {
  readonly from: CopyService;
  readonly to: CopyService;
  /** Their folders. */
  readonly source: string;
  readonly target: string;
  readonly view: ReturnType<typeof openView>;
}

/** A relay that has a view and one that has none. */
async function withTwo(use: (two: Two) => Promise<void>, files = diskFiles) {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-copies-" });
  const [source, target] = [`${folder}/a`, `${folder}/b`];
  for (const path of [source, target]) Deno.mkdirSync(path);
  const view = openView(pathsIn(source).view);
  const from = new CopyService(pathsIn(source), SOUND);
  const to = new CopyService(pathsIn(target), { ...SOUND, files });
  try {
    await use({ from, to, source, target, view });
  } finally {
    await from.stop();
    await to.stop();
    view.close();
    await Deno.remove(folder, { recursive: true });
  }
}

function as<Type extends FromViewCopies["type"]>(
  answer: FromViewCopies,
  type: Type,
): Extract<FromViewCopies, { readonly type: Type }> {
  assert.equal(answer.type, type, JSON.stringify(answer));
  return answer as Extract<FromViewCopies, { readonly type: Type }>;
}

/** All of it goes over, but for what a test makes of a piece. @returns the hash that was said, and that of what came */
async function carry(
  { from, to }: Two,
  changed: (bytes: Uint8Array, piece: number) => Uint8Array = (bytes) => bytes,
) {
  const came = createHash("sha256");
  const made = as(await from.answer({ type: "make", call: 1 }), "made");
  as(await to.answer({ type: "begin", call: 2 }), "done");
  for (let offset = 0; offset < made.size; offset += VIEW_PIECE_BYTES) {
    const read = { type: "read", call: 3, offset } as const;
    const piece = as(await from.answer(read), "piece").bytes;
    const length = Math.min(VIEW_PIECE_BYTES, made.size - offset);
    assert.equal(piece.length, length);
    const bytes = changed(piece, offset / VIEW_PIECE_BYTES);
    came.update(bytes);
    as(await to.answer({ type: "write", call: 4, bytes }), "done");
  }
  return { said: made.sha256, came: came.digest("hex") };
}

const finish = (sha256: string, log = LOG) =>
  ({ type: "finish", call: 5, sha256, log }) as const;
const DROP = { type: "drop", call: 6 } as const;

Deno.test("CopyService: a view that is written meanwhile goes over as it stood at one moment, for its owner alone", async () => {
  await withTwo(async (two) => {
    const { from, to, source, target, view } = two;
    const { said } = await carry(two, (bytes) => {
      view.exec("UPDATE view_place SET position = position + 1");
      return bytes;
    });
    assert.equal(as(await to.answer(finish(said)), "taken").position, 41);
    assert.deepEqual(namesIn(target), ["view-taken.db"]);
    for (const path of [pathsIn(source).given, pathsIn(target).taken]) {
      assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    }
    using copy = new DatabaseSync(pathsIn(target).taken, { readOnly: true });
    const row = copy.prepare("SELECT length(bytes) AS n FROM padding").get();
    assert.equal(row?.n, PADDING_BYTES);

    for (const one of [from, to]) as(await one.answer(DROP), "done");
    assert.ok(namesIn(target).includes("view-taken.db"));
    assert.ok(!namesIn(source).includes("view-given.db"));
    const read = { type: "read", call: 7, offset: 0 } as const;
    assert.match(as(await from.answer(read), "failed").reason, /no such copy/);
  });
});

Deno.test("CopyService: what is not whole, not sound, of another log or of a newer program is not taken", async () => {
  await withTwo(async (two) => {
    const { to, target, view } = two;
    const refused = async (sha256: string, reason: RegExp, log = LOG) => {
      const answer = as(await to.answer(finish(sha256, log)), "failed");
      assert.match(answer.reason, reason);
      assert.equal(answer.why, "copy");
      as(await to.answer(DROP), "done");
      assert.deepEqual(namesIn(target), []);
    };
    const short = await carry(
      two,
      (bytes, i) => i === 1 ? bytes.slice(1) : bytes,
    );
    await refused(short.said, /not those that were sent/);
    // By who says of damage that it is as it should be.
    const damaged = await carry(
      two,
      (bytes, i) => i === 0 ? bytes.fill(0xff, 4_096, 65_536) : bytes,
    );
    await refused(damaged.came, /damaged|malformed/);
    const headless = await carry(
      two,
      (bytes, i) => i === 0 ? bytes.fill(0xff, 0, 100) : bytes,
    );
    await refused(headless.came, /not a database/);
    await refused((await carry(two)).said, /another log \(made 2026/, "other");
    view.exec("ALTER TABLE view_place RENAME TO elsewhere");
    await refused((await carry(two)).said, /no such table/);
    view.exec("PRAGMA user_version = 99");
    await refused((await carry(two)).said, /a newer version of this program/);
    view.exec("PRAGMA user_version = 4; PRAGMA application_id = 1");
    await refused((await carry(two)).said, /another program/);
  });
});

Deno.test("CopyService: a full disk is told, and what was written goes", async () => {
  let room = 300_000;
  const full: PrivateFiles = {
    ...diskFiles,
    create: async (path) => {
      const file = await diskFiles.create(path);
      return {
        ...{ sync: () => file.sync(), close: () => file.close() },
        write: async (bytes) => {
          if (room <= 0) throw new Error("No space left on device");
          const written = await file.write(bytes.subarray(0, room));
          room -= written;
          return written;
        },
      };
    },
  };
  await withTwo(async ({ to, target }) => {
    const write = () =>
      to.answer({
        ...{ type: "write", call: 2 },
        bytes: new Uint8Array(VIEW_PIECE_BYTES),
      });
    as(await to.answer({ type: "begin", call: 1 }), "done");
    as(await write(), "done");
    const refused = as(await write(), "failed");
    assert.match(refused.reason, /No space left/);
    assert.equal(refused.why, "storage");
    as(await to.answer(DROP), "done");
    assert.deepEqual(namesIn(target), []);
  }, full);
});

/** Disks without room, each at another step behind the last byte, by its name. */
function fullAtEnd(): (readonly [string, CopyDisk])[] {
  const reject = () => Promise.reject(new Error("No space left on device"));
  const create = async (path: string) => {
    const file = await diskFiles.create(path);
    return {
      ...{ sync: reject, close: () => file.close() },
      write: (bytes: Uint8Array) => file.write(bytes),
    };
  };
  const faults: Readonly<Record<string, Partial<PrivateFiles>>> = {
    ...{ sync: { create }, rename: { rename: reject } },
    syncFolder: { syncFolder: reject },
  };
  const words = [
    ...["database or disk is full", "disk I/O error"],
    ...["unable to open database file", "attempt to write a readonly database"],
  ];
  return [
    ...Object.entries(faults).map(([step, fault]) =>
      [step, { ...SOUND, files: { ...diskFiles, ...fault } }] as const
    ),
    ...words.map((word) => {
      const faults = new SqlFaults();
      faults.fail = (sql) => sql === "open" ? undefined : new Error(word);
      return [word, { ...SOUND, open: faults.open }] as const;
    }),
  ];
}

Deno.test("CopyService: a disk that is full, or fails, while a copy is finished is no fault of the copy's", async () => {
  await withTwo(async (two) => {
    for (const [step, disk] of fullAtEnd()) {
      const to = new CopyService(pathsIn(two.target), disk);
      const { said } = await carry({ ...two, to });
      const answer = as(await to.answer(finish(said)), "failed");
      assert.equal(answer.why, "storage", `${step}: ${answer.reason}`);
      as(await to.answer(DROP), "done");
    }
  });
});

Deno.test("CopyService: what a killed run left is no hindrance, and what can't be made or is under way at its end leaves nothing", async () => {
  await withTwo(async ({ from, to, source, target }) => {
    for (const part of ["", "-journal", "-wal", "-shm"]) {
      Deno.writeTextFileSync(`${pathsIn(source).given}${part}`, "left");
      Deno.writeTextFileSync(`${pathsIn(target).coming}${part}`, "left");
    }
    as(await from.answer({ type: "make", call: 1 }), "made");
    as(await to.answer({ type: "begin", call: 1 }), "done");
    as(await to.answer({ type: "make", call: 1 }), "failed");
    for (let i = 0; i < 2; i++) {
      as(await to.answer({ type: "begin", call: 1 }), "done");
    }
    await from.stop();
    await to.stop();
    assert.deepEqual(namesIn(target), []);
    assert.ok(namesIn(source).every((name) => !name.startsWith("view-given")));
  });
});

Deno.test("CopyService: what came is on the disk before it has its name, and the name before it is said to be taken", async () => {
  const done: string[] = [];
  const noting: PrivateFiles = {
    ...diskFiles,
    create: async (path) => {
      const file = await diskFiles.create(path);
      const sync = async () => {
        await file.sync();
        done.push("sync");
      };
      return {
        ...{ sync, close: () => file.close() },
        write: (bytes) => file.write(bytes),
      };
    },
    rename: async (from, to) => {
      await diskFiles.rename(from, to);
      done.push("rename");
    },
    syncFolder: async (path) => {
      await diskFiles.syncFolder(path);
      done.push("sync folder");
    },
  };
  await withTwo(async (two) => {
    const { said } = await carry(two);
    as(await two.to.answer(finish(said)), "taken");
    assert.deepEqual(done, ["sync", "rename", "sync folder"]);
  }, noting);
});
