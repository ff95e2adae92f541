import assert from "node:assert/strict";
import { REGISTRY } from "../../commands/cli/registry.ts";
import { someListing, someStatus } from "../fakes/api_values.ts";
import { CliRig } from "../fakes/cli_rig.ts";

const joined = (...names: string[]) => ({
  "GET status": () =>
    someStatus({
      rooms: names.map((name) => ({
        ...{ name, state: "joined", joined: true, unread: 0 } as const,
      })),
    }),
});

async function proposed(rig: CliRig, ...line: string[]): Promise<string[]> {
  const answer = await rig.run("completion", "words", "--", ...line);
  assert.deepEqual([answer.code, answer.stderr], [0, ""]);
  return answer.stdout.split("\n").filter((word) => word !== "");
}

Deno.test("completion words: every command, by its start", async () => {
  const rig = new CliRig();
  const names = new Set(
    Object.keys(REGISTRY).map((name) => name.split(" ")[0] ?? ""),
  );
  assert.deepEqual(await proposed(rig, ""), [...names]);
  assert.deepEqual(await proposed(rig, "wh"), ["whoami", "who"]);
  assert.deepEqual((await proposed(rig, "relay", "")).slice(0, 3).sort(), [
    ...["admin", "backup", "cluster"],
  ]);
  assert.deepEqual(await proposed(rig, "nothing", ""), []);
});

Deno.test("completion words: flags and the values that a flag knows", async () => {
  const rig = new CliRig();
  assert.deepEqual(await proposed(rig, "send", "--rep"), ["--reply-to"]);
  assert.deepEqual(await proposed(rig, "rooms", "--sort", ""), [
    "active",
    "agents",
  ]);
  assert.deepEqual(await proposed(rig, "who", "--h"), ["--help"]);
  assert.deepEqual(await proposed(rig, "send", "tea", "--", "--re"), []);
});

Deno.test("completion words: rooms where one is meant, and never where text stands", async () => {
  const rig = new CliRig(joined("tea", "tent", "coffee"));
  const names = ["leave", "who", "history", "messages", "send", "ask", "claim"];
  for (const name of names) {
    assert.deepEqual(await proposed(rig, name, "te"), ["tea", "tent"], name);
  }
  assert.deepEqual(await proposed(rig, "send", "--id", "x", "c"), ["coffee"]);
  assert.deepEqual(await proposed(rig, "search", "x", "--room", "c"), [
    "coffee",
  ]);
  assert.deepEqual(await proposed(rig, "send", "tea", "te"), []);
});

Deno.test("completion words: join proposes the relay's rooms, none of whose names could harm a line", async () => {
  const names = ["tea", "-rf", "$(id)", "a b", "x\ny", "--force"];
  const rig = new CliRig({
    "GET rooms": () => ({
      rooms: names.map((name) => someListing({ name })),
      has_more: false,
      partial: false,
    }),
  });
  const words = await proposed(rig, "join", "");
  assert.deepEqual(words.filter((word) => !word.startsWith("--")), ["tea"]);
});

Deno.test("completion words: no daemon is no room, and a slow one is not waited for", async () => {
  const none = new CliRig();
  none.daemonDown = true;
  assert.deepEqual(await proposed(none, "leave", "t"), []);
  const slow = new CliRig({ "GET status": () => new Promise(() => {}) });
  const asking = proposed(slow, "leave", "t");
  while (slow.calls.length === 0) await new Promise((go) => setTimeout(go));
  await slow.clock.advance(500);
  assert.deepEqual(await asking, []);
});

Deno.test("completion: another shell is wrong use", async () => {
  const { code, stderr } = await new CliRig().run("completion", "csh");
  assert.equal(code, 2);
  assert.match(stderr, /agentnet completion bash/);
});
