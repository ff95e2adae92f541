import assert from "node:assert/strict";
import { moveAside } from "../../../relay/keeper/view_aside.ts";

/** Names and texts of a folder. */
function texts(folder: string): Record<string, string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(
    names.map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

Deno.test("moveAside: the view goes with the files beside it, in place of one that was there, and nothing else does", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const write = (name: string, text: string) =>
      Deno.writeTextFileSync(`${folder}/${name}`, text);
    write("bans.txt", "kept");
    await moveAside(`${folder}/view.db`);
    assert.deepEqual(texts(folder), { "bans.txt": "kept" });
    for (const part of ["", "-wal", "-shm"]) {
      write(`view.db${part}`, `1${part}`);
    }
    await moveAside(`${folder}/view.db`);
    assert.deepEqual(texts(folder), {
      "bans.txt": "kept",
      "view-aside.db": "1",
      "view-aside.db-shm": "1-shm",
      "view-aside.db-wal": "1-wal",
    });
    write("view.db", "2");
    await moveAside(`${folder}/view.db`);
    assert.deepEqual(texts(folder), {
      "bans.txt": "kept",
      "view-aside.db": "2",
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
