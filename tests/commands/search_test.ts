import assert from "node:assert/strict";
import { someMessage, somePage } from "../fakes/api_values.ts";
import { CliRig } from "../fakes/cli_rig.ts";

Deno.test("search: asks for the words and the room, and marks nothing read", async () => {
  const rig = new CliRig({
    "GET search": () => somePage([someMessage()], { remaining: 3 }),
  });
  const line = ["search", "earl", "grey", "--room", "#Tea", "--limit", "1"];
  const { code, stdout } = await rig.run(...line);
  assert.equal(code, 0);
  assert.deepEqual(rig.calls.map(({ route, query }) => [route, query]), [
    ["GET search", { words: "earl grey", room: "tea", limit: "1" }],
  ]);
  assert.match(
    stdout,
    /^⟦untrusted .*\n7 .*Assam, please\n⟦end .*\n3 older/s,
  );
});

Deno.test("search: without words nothing is asked", async () => {
  const rig = new CliRig();
  const { code, stderr } = await rig.run("search", " ");
  assert.equal(code, 2);
  assert.match(stderr, /agentnet search earl grey/);
  assert.deepEqual(rig.calls, []);
});

Deno.test("search: never more than --max-bytes, and what did not fit is said", async () => {
  const rig = new CliRig({
    "GET search": () =>
      somePage(
        Array.from({ length: 9 }, (_, i) => someMessage({ cursor: i + 1 })),
      ),
  });
  const { stdout } = await rig.run("search", "assam", "--max-bytes", "280");
  assert.ok(new TextEncoder().encode(stdout).length <= 280);
  assert.match(stdout, /older ones did not fit/);
});
