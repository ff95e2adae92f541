import assert from "node:assert/strict";
import { posix } from "node:path";
import fc from "fast-check";
import { absolutePath, folderOf, inFolder } from "../../../lib/host/paths.ts";

const ignore = Deno.build.os === "windows";

/** Paths of any shape: empty names, ".", "..", spaces, and "/" anywhere. */
const paths = fc.array(
  fc.constantFrom("/", "/", "a", "b c", ".", "..", ".x", "é"),
  { maxLength: 12 },
).map((parts) => parts.join(""));

Deno.test({
  name: "absolutePath: any path is what node:path makes of it",
  ignore,
  fn() {
    fc.assert(fc.property(paths, (path) => {
      assert.equal(absolutePath(path), posix.resolve(path));
    }));
  },
});

Deno.test({
  name: "folderOf, inFolder: any plain path is what node:path makes of it",
  ignore,
  fn() {
    const plain = paths.map((path) => posix.normalize(path))
      .map((path) => path.length > 1 ? path.replace(/\/$/, "") : path);
    fc.assert(fc.property(plain, (path) => {
      assert.equal(folderOf(path), posix.dirname(path));
      const folder = posix.resolve(path);
      assert.equal(inFolder(folder, "x.db"), posix.join(folder, "x.db"));
    }));
  },
});
