import assert from "node:assert/strict";
import {
  lineCount,
  LONG_FILES,
  MOST_LINES,
} from "../../../scripts/lint/long_file.ts";
import { fired } from "../../fakes/lint_run.ts";
import { isInProject, projectText } from "../../fakes/project_files.ts";

const lines = (count: number) => "f();\n".repeat(count);

Deno.test("long-file: fires past 300 lines, whether or not the last one is ended", () => {
  assert.deepEqual(fired("lib/pow/a.ts", lines(300)), []);
  assert.deepEqual(fired("lib/pow/a.ts", lines(301)), ["long-file"]);
  assert.deepEqual(fired("lib/pow/a.ts", `${lines(300)}f();`), ["long-file"]);
  assert.deepEqual(fired("tests/a_test.ts", lines(301)), ["long-file"]);
  assert.deepEqual(fired("lib/error_table.ts", lines(301)), []);
});

Deno.test("LONG_FILES: each is there, and longer than others may be", () => {
  for (const path of Object.keys(LONG_FILES)) {
    assert.ok(isInProject(path), path);
    assert.ok(lineCount(projectText(path)) > MOST_LINES, path);
  }
});
