import assert from "node:assert/strict";
import { openMailbox } from "../../../daemon/mailbox/database.ts";
import { Mailbox } from "../../../daemon/mailbox/mailbox.ts";
import { type OpenSql, openSqlite } from "../../../daemon/mailbox/sql.ts";
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
