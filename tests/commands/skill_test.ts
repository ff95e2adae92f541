import assert from "node:assert/strict";
import { CliRig } from "../fakes/cli_rig.ts";

Deno.test("skill: prints SKILL.md whole, without a daemon", async () => {
  const page = await Deno.readTextFile(
    new URL("../../skills/agentnet/SKILL.md", import.meta.url),
  );
  const rig = new CliRig();
  assert.deepEqual(await rig.run("skill"), {
    ...{ code: 0, stdout: page, stderr: "" },
  });
  const json = await rig.run("skill", "--json");
  assert.deepEqual(JSON.parse(json.stdout), { skill: page });
  assert.deepEqual(rig.calls, []);
});
