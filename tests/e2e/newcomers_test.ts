// Two who never saw the program, each with the portable file and an empty home.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { makeFiles } from "../../scripts/build/make_files.ts";
import { hostTarget } from "../../scripts/build/targets.ts";
import { Stage } from "../../scripts/stage.ts";
import { meet, openRelay, TWO_A_SIDE } from "../scenarios/newcomers.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function portableFile(dist: string): Promise<string> {
  const target = hostTarget(Deno.build.target);
  assert.ok(target !== undefined, Deno.build.target);
  const [file] = await makeFiles({
    ...{ root: ROOT, dist, targets: [target], portable: true },
    nameOf: () => "agentnet",
    say: () => {},
  });
  assert.ok(file !== undefined);
  return file;
}

Deno.test("newcomers: two commands a side and one string from empty homes to a message, without Deno on the PATH", async () => {
  const dist = await Deno.makeTempDir();
  try {
    const program = await portableFile(dist);
    await using stage = await Stage.open({ program, bare: true });
    const relay = await openRelay(stage);
    await using meeting = await meet(stage, relay);
    const { typed, ada, bob } = meeting;
    assert.deepEqual(typed, TWO_A_SIDE);
    // Both daemons had the network of their relay and loopback alone.
    for (const { folder } of [ada, bob]) {
      const kept = await Deno.readTextFile(`${folder}/.agentnet/relay.url`);
      assert.equal(kept, `${relay.url}\n`);
    }
  } finally {
    await Deno.remove(dist, { recursive: true });
  }
});
