import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";

const LAUNCHER = new URL("../../scripts/agentnet", import.meta.url).pathname;
/** Together far more than a pipe holds, so that `messages` has to wait for its reader. */
const COUNT = 12;
const TEXT = "x".repeat(30_000);

/** `messages` of an agent as a process of its own, once the first bytes of its output came and nobody reads the rest. */
async function stuckReader(agent: StagedAgent) {
  const child = new Deno.Command(LAUNCHER, {
    args: ["messages", "--max-bytes", "0"],
    env: { AGENTNET_DATA_DIR: agent.dataDir, DENO: Deno.execPath() },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.ok(value !== undefined && value.length > 0);
  return { child, reader };
}

/** Bob's mailbox holds more unread text than a pipe takes. */
async function withUnread(
  action: (bob: StagedAgent) => Promise<void>,
): Promise<void> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: url, flags: ["--brakes", "off"] });
  await bob.online({ relay: url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  for (let n = 0; n < COUNT; n++) {
    const { code, stderr } = await ada.run(["send", "tea", `${n} ${TEXT}`]);
    assert.equal(code, 0, stderr);
  }
  const came = await bob.run(["messages", "--count"]);
  assert.equal(came.stdout, `${COUNT}\n`);
  await action(bob);
}

async function assertAllUnread(bob: StagedAgent): Promise<void> {
  const { value } = await bob.json(["messages"]);
  assert.equal(value.messages.length, COUNT);
  const again = await bob.run(["messages", "--count"]);
  assert.equal(again.stdout, "0\n");
}

Deno.test("messages: killed between the daemon's answer and the end of its print, it has read nothing", async () => {
  await withUnread(async (bob) => {
    const { child, reader } = await stuckReader(bob);
    child.kill("SIGKILL");
    const { signal } = await child.status;
    await reader.cancel();
    // It had not come to its end by itself.
    assert.equal(signal, "SIGKILL");
    await assertAllUnread(bob);
  });
});

Deno.test("messages: when its reader goes away in the middle, it has read nothing", async () => {
  await withUnread(async (bob) => {
    const { child, reader } = await stuckReader(bob);
    await reader.cancel();
    await child.status;
    await assertAllUnread(bob);
  });
});
