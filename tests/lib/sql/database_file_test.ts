import assert from "node:assert/strict";
import { makeDatabaseFile } from "../../../lib/sql/database_file.ts";

Deno.test("makeDatabaseFile: one's own alone, made or there; none for a database without a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/data.sqlite`;
    await Deno.writeTextFile(path, "kept", { mode: 0o644 });
    makeDatabaseFile(path);
    makeDatabaseFile(`${folder}/new.sqlite`);
    for (const name of ["data.sqlite", "new.sqlite"]) {
      const { mode } = await Deno.stat(`${folder}/${name}`);
      assert.equal((mode ?? 0) & 0o777, 0o600);
    }
    assert.equal(await Deno.readTextFile(path), "kept");
    makeDatabaseFile(":memory:");
    await assert.rejects(Deno.stat(":memory:"), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
