import assert from "node:assert/strict";
import { KeptFiles } from "../../../lib/host/kept_files.ts";
import { diskFiles } from "../../../lib/host/private_files.ts";

Deno.test("KeptFiles: a file that can't be read or removed is told as such, never as a fault of the program", async () => {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-kept-" });
  const path = `${folder}/api.addr`;
  let isFull = false;
  const kept = new KeptFiles({
    ...diskFiles,
    readText: (one) =>
      isFull
        ? Promise.reject(new Error("Too many open files: readfile"))
        : diskFiles.readText(one),
  });
  await kept.write([{ path, text: "127.0.0.1:1" }]);
  isFull = true;
  const told = {
    code: "FILE_TROUBLE",
    message: `can't read ${path}: Too many open files`,
  };
  await assert.rejects(kept.restore(), told);
  await assert.rejects(kept.remove(), told);
  isFull = false;
  await kept.remove();
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  await Deno.remove(folder, { recursive: true });
});
