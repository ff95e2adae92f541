import assert from "node:assert/strict";
import { checkArgumentBytes } from "../../../commands/cli/argument_bytes.ts";
import { Failure } from "../../../lib/errors.ts";

const reasonOf = (args: readonly string[], found?: string) => {
  try {
    checkArgumentBytes(args, () => found);
    return null;
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "TEXT_INVALID");
    return `${error.message}; ${error.fix}`;
  }
};

Deno.test("checkArgumentBytes: U+FFFD is a character where the bytes were seen, and refused where they were not", () => {
  assert.equal(reasonOf(["send", "tea", "é 漢"]), null);
  assert.equal(reasonOf(["send", "tea", "a\ufffd"], "utf-8"), null);
  assert.match(
    reasonOf(["send", "tea", "a\ufffd"], "other") ?? "",
    /^the command line holds .*not UTF-8; write it in UTF-8$/,
  );
  assert.match(reasonOf(["send", "tea", "a\ufffd"]) ?? "", /standard input/);
});
