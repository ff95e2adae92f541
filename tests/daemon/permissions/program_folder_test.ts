import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { programFolder } from "../../../daemon/permissions/program_folder.ts";

Deno.test("programFolder: from source it is the project's root, in which every worker's file lies", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  assert.equal(`${programFolder()}/`, root.replaceAll("\\", "/"));
});
