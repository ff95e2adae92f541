import assert from "node:assert/strict";
import {
  removeCopies,
  useTaken,
} from "../../../relay/keeper/view_copy_files.ts";

/** With files in a folder, each of which says its own name. */
async function withFiles(
  names: readonly string[],
  use: (folder: string) => Promise<void>,
) {
  const folder = Deno.makeTempDirSync();
  try {
    for (const name of names) Deno.writeTextFileSync(`${folder}/${name}`, name);
    await use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();

Deno.test("useTaken: the view that was taken is the view, and nothing of the one before is beside it", async () => {
  const before = ["view.db", "view.db-wal", "view.db-shm"];
  for (const there of [before, []]) {
    const names = [...there, "view-taken.db", "view-aside.db", "bans.txt"];
    await withFiles(names, async (folder) => {
      await useTaken(`${folder}/view.db`);
      assert.equal(Deno.readTextFileSync(`${folder}/view.db`), "view-taken.db");
      const left = ["bans.txt", "view-aside.db", "view.db"];
      assert.deepEqual(namesIn(folder), left);
    });
  }
  await withFiles([], async (folder) => {
    await assert.rejects(useTaken(`${folder}/view.db`), Deno.errors.NotFound);
  });
});

Deno.test("removeCopies: what is on its way goes, and the view stays", async () => {
  const stay = ["view-aside.db", "view.db", "view.db-wal"];
  const go = [
    ...["view-given.db", "view-given.db-journal", "view-given.db-wal"],
    "view-coming.db",
    ...["view-coming.db-shm", "view-taken.db"],
  ];
  await withFiles([...stay, ...go], async (folder) => {
    await removeCopies(`${folder}/view.db`);
    assert.deepEqual(namesIn(folder), stay);
  });
});
