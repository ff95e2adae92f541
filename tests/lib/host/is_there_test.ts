import assert from "node:assert/strict";
import { isThere } from "../../../lib/host/is_there.ts";

Deno.test("isThere: a file, a folder and a link that leads nowhere are, a name that nothing has is not", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.symlink(`${folder}/nowhere`, `${folder}/link`);
    for (const path of [folder, `${folder}/file`, `${folder}/link`]) {
      assert.equal(await isThere(path), true);
    }
    assert.equal(await isThere(`${folder}/nowhere`), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("isThere: where it can't be known it rejects, and does not say no", async () => {
  const path = await Deno.makeTempFile();
  try {
    await assert.rejects(isThere(`${path}/below`));
  } finally {
    await Deno.remove(path);
  }
});
