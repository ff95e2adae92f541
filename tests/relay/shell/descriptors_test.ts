import assert from "node:assert/strict";
import {
  socketsAfterRunningOut,
  socketsWithin,
} from "../../../relay/shell/descriptors.ts";

Deno.test("socketsWithin: the limit less a reserve; what is no number is no limit", () => {
  assert.equal(socketsWithin("1024"), 960);
  assert.equal(socketsWithin("20000"), 19_936);
  assert.equal(socketsWithin("10"), 16);
  for (const none of [undefined, "", "unlimited", "-1", "1e9", "x"]) {
    assert.equal(socketsWithin(none), Infinity);
  }
});

Deno.test("socketsAfterRunningOut: fewer than used up all descriptors", () => {
  assert.equal(socketsAfterRunningOut(1_000), 968);
  assert.equal(socketsAfterRunningOut(3), 16);
});
