import assert from "node:assert/strict";
import fc from "fast-check";
import { reads, rigOf, texts } from "../fakes/unread_rig.ts";

Deno.test("messages --max-bytes: the cut one says how much is missing and which command shows it", async () => {
  const rig = rigOf(texts("short", "x".repeat(5_000), "third"));
  const { code, stdout } = await rig.run("messages", "--max-bytes", "700");
  assert.equal(code, 0);
  assert.ok(new TextEncoder().encode(stdout).length <= 700);
  const [, missing] = / … (\d+) bytes more: agentnet show 2\n/.exec(stdout) ??
    [];
  const shown = /x+/.exec(stdout)?.[0].length ?? 0;
  assert.equal(shown + Number(missing), 5_000);
  assert.ok(shown > 200, `${shown}`);
  assert.match(stdout, /: short\n.*\n.*: third\n⟦end/s);
  assert.deepEqual(reads(rig), [{ cursor: 3 }]);
});

Deno.test("messages --max-bytes: never more, only shown ones are read, none is shown twice or lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "binary", maxLength: 300 }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.integer({ min: 1, max: 1_500 }),
      fc.boolean(),
      async (list, most, json) => {
        const wellFormed = list.map((text) => text.toWellFormed());
        const rig = rigOf(texts(...wellFormed));
        const flags = ["--max-bytes", `${most}`, ...(json ? ["--json"] : [])];
        const { code, stdout } = await rig.run("messages", ...flags);
        if (code === 2) {
          assert.deepEqual(reads(rig), []);
          return;
        }
        assert.equal(code, 0);
        assert.ok(new TextEncoder().encode(stdout).length <= most);
        const shown = json
          ? JSON.parse(stdout).messages.length
          : stdout.split("\n").filter((line) =>
            /^\d+ (07:59 )?(#tea )?bob/.test(line)
          )
            .length;
        assert.deepEqual(reads(rig), [{ cursor: shown }]);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("messages --max-bytes: what can't hold one message is 2, with a bound that can", async () => {
  const rig = rigOf(texts("y".repeat(900)));
  const { code, stderr } = await rig.run("messages", "--max-bytes", "40");
  assert.equal(code, 2);
  const least = /--max-bytes (\d+)/.exec(stderr)?.[1] ?? "";
  assert.equal((await rig.run("messages", "--max-bytes", least)).code, 0);
});
