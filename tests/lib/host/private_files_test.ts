import assert from "node:assert/strict";
import { diskFiles, writeDurably } from "../../../lib/host/private_files.ts";
import { DyingFiles, Killed } from "../../fakes/dying_files.ts";

const PATH = "/data/list.txt";

Deno.test("writeDurably: killed at any point, the file is the old one or the new one, whole, also after a power cut", async () => {
  for (let dieAt = 0;; dieAt++) {
    const files = new DyingFiles();
    files.put(PATH, "the old one");
    files.put(`${PATH}.new`, "left by one that was cut off");
    files.dieAt = dieAt;
    const text = "the new one, longer than a single write of the disk takes";
    let isDone = false;
    try {
      await writeDurably(files, { path: PATH, text });
      isDone = true;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    files.reboot();
    const left = files.text(PATH) ?? "";
    assert.ok([text, ...isDone ? [] : ["the old one"]].includes(left), left);
    if (isDone) return;
  }
});

Deno.test({
  name:
    "writeDurably: 0600 from the start; a link in its place is replaced, not followed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/list.txt`;
      await Deno.writeTextFile(`${folder}/other`, "another's");
      await Deno.symlink(`${folder}/other`, path);
      await Deno.symlink(`${folder}/other`, `${path}.new`);
      await writeDurably(diskFiles, { path, text: "ours" });
      assert.equal(await Deno.readTextFile(`${folder}/other`), "another's");
      const { isFile, mode } = await Deno.lstat(path);
      assert.deepEqual([isFile, (mode ?? 0) & 0o777], [true, 0o600]);
      assert.equal(await Deno.readTextFile(path), "ours");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
