import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../../lib/errors.ts";
import { backUp } from "../../../relay/keeper/backup.ts";

const ROWS = 20_000;

/** With the data dir of a relay that has so many rows, for the length of a test. */
async function withRelay(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-backup-" });
  try {
    using database = new DatabaseSync(`${folder}/relay.db`);
    database.exec(`CREATE TABLE said (text TEXT); WITH RECURSIVE n(i) AS
      (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
      INSERT INTO said SELECT hex(randomblob(200)) FROM n`);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function rowsOf(path: string): unknown {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare("SELECT count(*) AS rows FROM said").get()?.rows;
}

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();

Deno.test("backUp: of several at one moment to one file one makes it, whole, and the others say that it is there", async () => {
  await withRelay(async (dataDir) => {
    const to = `${dataDir}/copy.db`;
    const made = await Promise.allSettled(
      [1, 2, 3].map(() => backUp({ dataDir, to })),
    );
    const codes = made.map((one) =>
      one.status === "fulfilled" ? "made" : Failure.from(one.reason).code
    );
    assert.deepEqual(codes.toSorted(), ["FILE_EXISTS", "FILE_EXISTS", "made"]);
    assert.equal(rowsOf(to), ROWS);
    assert.deepEqual(namesIn(dataDir), ["copy.db", "relay.db"]);
  });
});

Deno.test("backUp: what takes the name meanwhile stays as it is", async () => {
  await withRelay(async (dataDir) => {
    const to = `${dataDir}/copy.db`;
    const made = backUp({ dataDir, to });
    while (namesIn(dataDir).length < 2) await Deno.lstat(dataDir);
    await Deno.writeTextFile(to, "mine");
    await assert.rejects(made, { code: "FILE_EXISTS" });
    assert.equal(await Deno.readTextFile(to), "mine");
    assert.deepEqual(namesIn(dataDir), ["copy.db", "relay.db"]);
  });
});
