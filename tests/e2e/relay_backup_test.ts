import assert from "node:assert/strict";
import { backupUnderLoad } from "../scenarios/backup_under_load.ts";
import { Stage } from "../../scripts/stage.ts";

Deno.test("relay backup: taken under 500 messages a second and restored, no acknowledged message is missing", async () => {
  const result = await backupUnderLoad();
  assert.ok(result.acknowledgedBefore > 200, JSON.stringify(result));
  assert.ok(result.acknowledgedDuring > 0, JSON.stringify(result));
  const { missing, doubled, refused } = result;
  assert.deepEqual({ missing, doubled, refused }, {
    missing: 0,
    doubled: 0,
    refused: 0,
  });
});

Deno.test("relay backup: never over a file that is there, and of no folder without a relay", async () => {
  await using stage = await Stage.open();
  const data = `${stage.folder}/relay`;
  const relay = await stage.startRelay([], { data });
  const copy = `${stage.folder}/copy.db`;
  const run = (...words: string[]) =>
    stage.run(["relay", "backup", ...words, "--json"]);
  assert.equal((await run(copy, "--data", data)).code, 0);
  const { mode } = await Deno.stat(copy);
  assert.equal((mode ?? 0) & 0o777, 0o600);
  await Deno.writeTextFile(`${copy}.new`, "mine");
  const before = await Deno.readFile(copy);
  const again = await run(copy, "--data", data);
  assert.equal(JSON.parse(again.stdout).error.code, "FILE_EXISTS");
  assert.equal(again.code, 2);
  assert.deepEqual(await Deno.readFile(copy), before);
  await Deno.remove(copy);
  assert.equal((await run(copy, "--data", data)).code, 0);
  assert.equal(await Deno.readTextFile(`${copy}.new`), "mine");
  await relay.process.end();
  const none = await run(`${stage.folder}/other.db`, "--data", "/nowhere");
  assert.equal(none.code, 1);
  const left = [...Deno.readDirSync(stage.folder)].map(({ name }) => name);
  const copies = left.filter((name) => name.includes(".db")).toSorted();
  assert.deepEqual(copies, [
    ...["copy.db", "copy.db.new"],
  ]);
});
