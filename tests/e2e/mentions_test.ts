import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";

/** The texts that one call shows, and so marks read. */
async function texts(
  reader: StagedAgent,
  ...flags: string[]
): Promise<string[]> {
  const { code, value, stderr } = await reader.json(["messages", ...flags]);
  assert.equal(code, 0, stderr);
  return value.messages.map(({ text }: { text: string }) => text);
}

Deno.test("messages --mention: each call shows new mentions alone; the rest stays unread over a kill, and is shown once", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: url, env: { AGENTNET_BRAKES: "off" } });
  const first = await bob.online({ relay: url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  const say = async (...list: string[]) => {
    for (const text of list) {
      assert.equal((await ada.run(["send", "tea", text])).code, 0);
    }
  };
  const mentions = ["--mention", "--wait", "60s"];

  await say("plain 1", "@bob one");
  assert.deepEqual(await texts(bob, ...mentions), ["@bob one"]);
  await say("plain 2", "@bob two", "plain 3", "@BOB again");
  assert.deepEqual(
    await texts(bob, "--mention", "--limit", "1", "--wait", "60s"),
    ["@bob two"],
  );
  assert.deepEqual(await texts(bob, ...mentions), ["@BOB again"]);
  assert.deepEqual(await texts(bob, "--mention"), []);
  await say("@bob three", "plain 4");
  assert.deepEqual(await texts(bob, ...mentions), ["@bob three"]);

  first.kill("SIGKILL");
  await first.status;
  await bob.online({ relay: url });
  assert.deepEqual(await texts(bob, "--mention"), []);
  assert.deepEqual(await texts(bob, "--limit", "2"), ["plain 1", "plain 2"]);
  const second = await bob.run(["stop"]);
  assert.equal(second.code, 0, second.stderr);
  await bob.online({ relay: url });
  await say("@bob four");
  assert.deepEqual(await texts(bob, ...mentions), ["@bob four"]);
  assert.deepEqual(await texts(bob), ["plain 3", "plain 4"]);
  assert.deepEqual(await texts(bob), []);
  assert.deepEqual(await texts(bob, "--mention"), []);
});
