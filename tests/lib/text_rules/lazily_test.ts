import assert from "node:assert/strict";
import { lazily } from "../../../lib/text_rules/lazily.ts";

Deno.test("lazily: made when it is first asked for, once", () => {
  let made = 0;
  const value = lazily(() => ({ n: ++made }));
  assert.equal(made, 0);
  assert.equal(value(), value());
  assert.equal(made, 1);
});
