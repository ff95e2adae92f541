import assert from "node:assert/strict";
import fc from "fast-check";
import { Failure } from "../../../lib/errors.ts";
import {
  chosenDataDir,
  isIdentityName,
} from "../../../lib/local_api/data_dir_choice.ts";

function choose(env: Record<string, string>, dataDir?: string) {
  return chosenDataDir({
    env: (name) => ({ HOME: "/home/ada", ...env })[name],
    ...(dataDir === undefined ? {} : { dataDir }),
  });
}

Deno.test("chosenDataDir: flag, variable, identity, home; each before the next", () => {
  assert.deepEqual(choose({}), { path: "/home/ada/.agentnet" });
  const as = { AGENTNET_AS: "bob" };
  const bob = { path: "/home/ada/.agentnet/as/bob", as: "bob" };
  assert.deepEqual(choose(as), bob);
  const both = { ...as, AGENTNET_DATA_DIR: "/d/env" };
  assert.deepEqual(choose(both), { path: "/d/env" });
  assert.deepEqual(choose(both, "/d/flag"), { path: "/d/flag" });
  assert.deepEqual(choose({ AGENTNET_AS: "" }), {
    path: "/home/ada/.agentnet",
  });
  const told = { AGENTNET_HOME: "/home/told" };
  assert.deepEqual(choose(told), { path: "/home/told/.agentnet" });
});

Deno.test("chosenDataDir: an identity's name never leads anywhere else", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom("..", "a/../b", "A", "a.b", "x".repeat(33), "a\n", " a"),
  );
  fc.assert(fc.property(texts, (text) => {
    fc.pre(text !== "");
    try {
      const { path } = choose({ AGENTNET_AS: text });
      assert.ok(isIdentityName(text));
      assert.equal(path, `/home/ada/.agentnet/as/${text}`);
      assert.match(text, /^[a-z0-9-]{1,32}$/);
      assert.ok(!text.endsWith("\n"));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      assert.equal(error.code, "USAGE");
      assert.ok(!isIdentityName(text));
    }
  }));
});
