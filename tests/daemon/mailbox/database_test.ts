import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  MailboxDatabase,
  openMailbox,
} from "../../../daemon/mailbox/database.ts";
import { LeaveLog } from "../../../daemon/mailbox/leave_log.ts";
import { Mailbox } from "../../../daemon/mailbox/mailbox.ts";
import { RoomMemory } from "../../../daemon/mailbox/room_memory.ts";
import { APPLICATION_ID } from "../../../daemon/mailbox/migration.ts";
import { VERSIONS } from "../../../daemon/mailbox/schema.ts";
import { SeenIds } from "../../../daemon/mailbox/seen_ids.ts";
import { SendLog } from "../../../daemon/mailbox/send_log.ts";
import { type OpenSql, openSqlite } from "../../../lib/sql/sql.ts";
import { Failure } from "../../../lib/errors.ts";
import { message } from "../../fakes/mailbox_rig.ts";

const ME = { id: "M".repeat(44), name: "me" };

/** A folder of its own for one test. */
class Folder {
  readonly path = Deno.makeTempDirSync();
  readonly file = `${this.path}/mailbox.db`;

  open(open: OpenSql = openSqlite) {
    const { database, warnings } = openMailbox(this.file, { open, now: 5_000 });
    return {
      ...{ database, warnings },
      mailbox: new Mailbox(database, { me: ME, buffer: 10 }),
    };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("openMailbox: the file is its owner's alone, and found again as it was", () => {
  using folder = new Folder();
  const first = folder.open();
  first.mailbox.add(message());
  first.database.close();
  const mode = Deno.statSync(folder.file).mode ?? 0;
  if (Deno.build.os !== "windows") assert.equal(mode & 0o777, 0o600);
  const again = folder.open();
  assert.deepEqual(again.warnings, []);
  assert.equal(again.mailbox.count({}), 1);
  again.database.close();
});

Deno.test({
  name: "openMailbox: a file that was open to others is closed to them",
  ignore: Deno.build.os === "windows",
  fn() {
    using folder = new Folder();
    folder.open().database.close();
    Deno.chmodSync(folder.file, 0o666);
    folder.open().database.close();
    assert.equal((Deno.statSync(folder.file).mode ?? 0) & 0o777, 0o600);
  },
});

Deno.test("openMailbox: what another connection did not end is undone, what it ended stays", () => {
  using folder = new Folder();
  const { mailbox, database } = folder.open();
  mailbox.add(message({ id: "kept" }));
  assert.throws(() =>
    database.transaction(() => {
      mailbox.add(message({ id: "undone" }));
      throw new Error("killed");
    })
  );
  assert.equal(mailbox.count({}), 1);
  assert.ok(mailbox.add(message({ id: "undone" })), "it was never had");
  database.close();
});

Deno.test("openMailbox: a file with a broken page is kept aside; cursors begin far above the lost ones", () => {
  using folder = new Folder();
  const { mailbox, database } = folder.open();
  for (let i = 0; i < 10; i++) {
    mailbox.add(message({ id: `${i}`, text: "x".repeat(3_000) }));
  }
  database.close();
  const bytes = Deno.readFileSync(folder.file);
  bytes.fill(0xaa, 4_096, 24_576);
  Deno.writeFileSync(folder.file, bytes);
  const again = folder.open();
  assert.match(again.warnings.join(), /mailbox\.db\.damaged-5000/);
  assert.ok(Deno.statSync(`${folder.file}.damaged-5000`).isFile);
  assert.equal(again.mailbox.add(message())?.cursor, 6);
  again.database.close();
});

/** Pages of the index of words, and rows that SQLite's own check takes for whole. */
const INNER_DAMAGE: Readonly<Record<string, string>> = {
  "the index's version": "UPDATE found_config SET v = 9 WHERE k = 'version'",
  "the index's structure": "UPDATE found_data SET block = x'00' WHERE id = 10",
  "a room's name": "UPDATE messages SET room = char(7) WHERE cursor = 1",
  "a room of ours": `INSERT INTO rooms
    (relay, name, topic, tags, created_here, joined_at)
    VALUES ('r', '', '', '', 0, 0)`,
  "a text to send": `INSERT INTO sends
    (relay, id, room, text, created_at, status)
    VALUES ('r', 'i', 'tea', '', 0, 'queued')`,
};

for (const [what, statement] of Object.entries(INNER_DAMAGE)) {
  Deno.test(`openMailbox: damage that only its use shows (${what}) is kept aside, at the latest at the next opening`, () => {
    using folder = new Folder();
    const { mailbox, database } = folder.open();
    for (let i = 0; i < 10; i++) mailbox.add(message({ id: `${i}` }));
    database.close();
    breakInside(folder.file, statement);
    const second = folder.open();
    if (second.warnings.length === 0) {
      const use = () => {
        for (let i = 10; i < 100; i++) {
          second.mailbox.add(message({ id: `${i}` }));
        }
      };
      assert.throws(use, { code: "FILE_TROUBLE", fix: /restart the daemon/ });
    }
    second.database.close();
    const third = second.warnings.length === 0 ? folder.open() : null;
    const { warnings } = third ?? second;
    assert.match(warnings.join(), /mailbox\.db\.damaged-5000/);
    third?.database.close();
    const fourth = folder.open();
    assert.deepEqual(fourth.warnings, [], "only once");
    fourth.mailbox.add(message());
    fourth.database.close();
  });
}

/** Through a connection that may write an index's own tables. */
function breakInside(file: string, statement: string): void {
  const sql = new DatabaseSync(file, { defensive: false } as object);
  sql.exec(statement);
  sql.close();
}

Deno.test("openMailbox: a file of another program is kept aside, never written", () => {
  using folder = new Folder();
  const other = openSqlite(folder.file);
  other.exec("CREATE TABLE theirs (a); PRAGMA user_version = 3");
  other.close();
  const { database, warnings } = folder.open();
  assert.equal(warnings.length, 1);
  database.close();
  const kept = openSqlite(`${folder.file}.damaged-5000`);
  assert.ok(kept.prepare("SELECT name FROM sqlite_master").get());
  kept.close();
});

Deno.test("openMailbox: a newer program's file is FILE_TROUBLE with the way out, and stays as it is", () => {
  using folder = new Folder();
  folder.open().database.close();
  const newer = openSqlite(folder.file);
  newer.exec(`PRAGMA user_version = ${VERSIONS.length + 1}`);
  newer.close();
  const before = Deno.readFileSync(folder.file);
  assert.throws(
    () => folder.open(),
    (error) =>
      error instanceof Failure && error.code === "FILE_TROUBLE" &&
      /newer agentnet/.test(error.message) && /--data-dir/.test(error.fix),
  );
  const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assert.deepEqual(names, ["mailbox.db"]);
  assert.deepEqual(Deno.readFileSync(folder.file), before);
});

for (let version = 1; version < VERSIONS.length; version++) {
  Deno.test(`migrate: a file of version ${version} with rows keeps messages, marks, gaps, rooms and sends, and its words are found`, () => {
    using folder = new Folder();
    fileOfVersion(folder.file, version);
    const { mailbox, database, warnings } = folder.open();
    assert.deepEqual(warnings, []);
    const page = mailbox.page({});
    assert.deepEqual(page.messages.map(({ cursor, text }) => [cursor, text]), [
      [2, "assam, please"],
    ]);
    assert.deepEqual([page.remaining, page.dropped], [0, 3]);
    assert.deepEqual(page.gaps, [{
      room: "tea",
      count: 2,
      after: 1,
      before: 2,
    }]);
    assert.equal(mailbox.add(message({ id: "m1" })), null, "it was had");
    assert.equal(mailbox.add(message({ id: "new" }))?.cursor, 3);
    const found = mailbox.search({ words: "assam", limit: 5 });
    assert.deepEqual(found.messages.map(({ cursor }) => cursor), [2]);
    mailbox.read({ cursors: [2] });
    assert.equal(mailbox.page({}).messages.length, 1);
    assert.equal(new SendLog(database, "ws://r").byId("s1")?.status, "queued");
    const [room] = new RoomMemory(database, "ws://r").all();
    assert.deepEqual([room?.name, room?.lastSeq], ["tea", 1_001]);
    assert.deepEqual(new LeaveLog(database, "ws://r").all("tea"), []);
    database.close();
  });
}

/** A mailbox as an earlier version of the schema left it: two messages, the first of them read. */
function fileOfVersion(path: string, version: number): void {
  const sql = openSqlite(path);
  for (const step of VERSIONS.slice(0, version)) sql.exec(step);
  const author = message().from;
  const seen = new SeenIds(new MailboxDatabase(sql));
  for (const id of ["m1", "m2"]) seen.add({ from: author, id, verified: true });
  sql.exec(`
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${version};
    INSERT INTO messages (room, id, author, name, bytes, verified, late, timestamp, received_at, text)
      VALUES ('tea', 'm1', '${author}', 'bob', 410, 1, 0, 1, 2, 'which one?'),
             ('tea', 'm2', '${author}', 'bob', 413, 1, 0, 3, 4, 'assam, please');
    INSERT INTO marks VALUES ('tea', 1, 3, 2);
    INSERT INTO gaps (room, count, after_cursor, before_cursor) VALUES ('tea', 2, 1, 2);
    INSERT INTO rooms (relay, name, topic, tags, created_here, joined_at,
        last_seq, last_at, ended)
      VALUES ('ws://r', 'tea', '', '[]', 0, 1, 1001, 4, NULL);
    INSERT INTO sends (relay, id, room, text, created_at, status)
      VALUES ('ws://r', 's1', 'tea', 'mine', 1, 'queued');`);
  sql.close();
}

Deno.test("MailboxDatabase: what SQLite throws is FILE_TROUBLE, and nothing is half done", () => {
  using folder = new Folder();
  let full = false;
  const { mailbox, database } = folder.open((path) => {
    const sql = openSqlite(path);
    return {
      exec: (text) => sql.exec(text),
      close: () => sql.close(),
      prepare: (text) => {
        const statement = sql.prepare(text);
        const isInsert = text.startsWith("INSERT INTO seen");
        return {
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
          iterate: (...values) => statement.iterate(...values),
          run: (...values) => {
            if (full && isInsert) throw new Error("database or disk is full");
            return statement.run(...values);
          },
        };
      },
    };
  });
  full = true;
  assert.throws(
    () => mailbox.add(message()),
    (error) =>
      error instanceof Failure && error.code === "FILE_TROUBLE" &&
      /disk is full/.test(error.message),
  );
  assert.equal(mailbox.count({ all: true }), 0);
  full = false;
  assert.ok(mailbox.add(message()));
  database.close();
});
