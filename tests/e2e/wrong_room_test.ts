import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

Deno.test("send, join, ask, claim: a wrong room names the one that may have been meant", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((one) => one.online({ relay: url })));
  await ada.run(["create", "parsers"]);
  const listed = await bob.run(["join", "parser"]);
  assert.equal(listed.code, 4);
  assert.match(listed.stderr, /did you mean 'parsers'\?/);
  await bob.run(["join", "parsers"]);
  for (const name of ["send", "ask", "claim"]) {
    const { code, stderr } = await bob.run([name, "prasers", "Hello"]);
    assert.equal(code, 4, name);
    assert.match(stderr, /did you mean 'parsers', which it is in\?/, name);
  }
  const far = await bob.json(["send", "kitchen", "Hello"]);
  assert.equal(far.value.error.code, "NOT_IN_ROOM");
  assert.doesNotMatch(far.value.error.fix, /did you mean/);
});
