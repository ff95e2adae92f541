import assert from "node:assert/strict";
import { readWithMode } from "../../../lib/host/secret_reading.ts";

Deno.test("readWithMode: text and mode of the file itself, also by way of a link", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [file, link] = [`${folder}/secret`, `${folder}/link`];
    await Deno.writeTextFile(file, "relay:s3cret\n");
    await Deno.symlink(file, link);
    for (const mode of [0o600, 0o640]) {
      await Deno.chmod(file, mode);
      for (const path of [file, link]) {
        assert.deepEqual(
          await readWithMode(path),
          { text: "relay:s3cret\n", mode },
        );
      }
    }
    await assert.rejects(readWithMode(`${folder}/none`), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
