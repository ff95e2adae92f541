import assert from "node:assert/strict";
import { REGISTRY } from "../../commands/cli/registry.ts";
import { CliRig } from "../fakes/cli_rig.ts";

for (const name of Object.keys(REGISTRY)) {
  Deno.test(`${name} --help: usage, flags and an example of this command`, async () => {
    const rig = new CliRig();
    const { code, stdout, stderr } = await rig.run(
      ...name.split(" "),
      "--help",
    );
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^USAGE\n  agentnet ${name}`));
    const example = /^For example: (.*)$/m.exec(stdout)?.[1] ?? "";
    assert.match(example, new RegExp(`\\bagentnet ${name}\\b`));
    assert.match(stdout, /--json/);
    assert.deepEqual(rig.calls, []);
  });
}

Deno.test("a command or flag that is nearly right: the right one is named", async () => {
  const rig = new CliRig();
  const near: [string[], RegExp][] = [
    [["mesages"], /did you mean 'messages'/],
    [["serch", "tea"], /did you mean 'search'/],
    [["rooms", "--tags", "x"], /did you mean --tag\b/],
    [["messages", "--max-byte", "9"], /did you mean --max-bytes/],
  ];
  for (const [line, words] of near) {
    const { code, stderr } = await rig.run(...line);
    assert.equal(code, 2);
    assert.match(stderr, words);
  }
});
