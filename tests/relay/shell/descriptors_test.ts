import assert from "node:assert/strict";
import {
  socketsBeside,
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

Deno.test("socketsBeside: fewer than use up what is free", () => {
  assert.equal(socketsBeside(1_000, 0), 968);
  assert.equal(socketsBeside(1_000, 500), 1_468);
  assert.equal(socketsBeside(3, 2), 16);
});
