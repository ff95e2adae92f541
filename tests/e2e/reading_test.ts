// What a reader sees of a room over real processes: bounded, in parts, again,
// and every message by one id for all.

import assert from "node:assert/strict";
import { localApiOf, OPEN_RELAY } from "../../scripts/bench/measure.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { parseRoom } from "../../lib/conversation/room_name.ts";
import { checkText } from "../../lib/conversation/text_check.ts";

const ROOM = parseRoom("lab");
const bytes = (text: string) => new TextEncoder().encode(text).length;

/** Three agents of one relay; the first two are in the room. */
async function scene(stage: Stage) {
  const { url } = await stage.startRelay(OPEN_RELAY);
  const names = ["ada", "bob", "carol"];
  const [ada, bob, carol] = names.map((name) => stage.agent(name)) as [
    StagedAgent,
    StagedAgent,
    StagedAgent,
  ];
  const start = () => ({ relay: url, flags: ["--brakes", "off"] });
  const daemons = await Promise.all(
    [ada, bob, carol].map((one) => one.online(start())),
  );
  await ada.run(["create", ROOM]);
  await bob.run(["join", ROOM]);
  return { url, ada, bob, carol, daemons, start };
}

async function done(agent: StagedAgent, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await agent.run(args);
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The ids before the messages of an output, in order. */
const idsOf = (stdout: string) =>
  [...stdout.matchAll(/^([a-z][a-z2-9]{5,15}) .*: /gm)].map(([, id]) =>
    id as string
  );

async function say(agent: StagedAgent, texts: readonly string[]) {
  const api = await localApiOf(agent);
  for (const text of texts) {
    await api.send({ room: ROOM, text: checkText(text) });
  }
}

/** Waits until the agent has so many unread. */
async function heard(agent: StagedAgent, count: number): Promise<void> {
  const api = await localApiOf(agent);
  for (;;) {
    const found = await api.messages({ last: 1, wait_ms: 60_000 });
    if (found.remaining + found.messages.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("reading: one id names a message for its author, its readers and who knows it from history alone", async () => {
  await using stage = await Stage.open();
  const { ada, bob, carol } = await scene(stage);
  const accepted = await done(ada, "send", ROOM, "which colour?");
  const [id] = idsOf(await done(bob, "messages", "--wait", "60s"));
  assert.ok(id && accepted.startsWith(`accepted ${id} `), accepted);
  assert.deepEqual(idsOf(await done(ada, "messages", "--all")), [id]);
  assert.ok((await done(ada, "sent")).includes(id));

  await done(carol, "join", ROOM);
  assert.deepEqual(idsOf(await done(carol, "history", ROOM)), [id]);
  assert.match(await done(carol, "show", id), /ada·\w{8} ✓: which colour\?\n/);
  const replied = await done(carol, "reply", id, "Red.");
  assert.match(replied, /\n↩ ada·\w{8} ✓ ⟦untrusted: which colour\?⟧\n$/);
  assert.match(
    await done(ada, "messages", "--wait", "60s"),
    /carol·\w{8} ✓: Red\. ↩ you: which colour\?\n/,
  );
  assert.match(
    await done(bob, "messages", "--wait", "60s"),
    /carol·\w{8} ✓: Red\. ↩ ada(?:·\w{8} ✓)?: which colour\?\n/,
  );
  assert.match(
    await done(carol, "history", ROOM),
    /you: Red\. ↩ ada(?:·\w{8} ✓)?: which colour\?\n/,
  );
  for (
    const [agent, whose] of [[ada, "you"], [bob, "ada·"], [
      carol,
      "ada·",
    ]] as const
  ) {
    const shown = await done(agent, "show", id.toUpperCase());
    assert.ok(shown.includes(` ${whose}`) && shown.includes("which colour?"));
  }
  const unknown = await bob.run(["show", "zzzzzz"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no message 'zzzzzz'.*; /);
});

Deno.test("reading: a room that one is not in is shown from its history, and its messages by their ids", async () => {
  await using stage = await Stage.open();
  const { ada, carol } = await scene(stage);
  await done(ada, "send", ROOM, "which colour?");
  const [id = ""] = idsOf(await done(carol, "history", ROOM));
  assert.match(await done(carol, "show", id), /which colour\?/);
  assert.match(await done(carol, "show", id, "--room", ROOM), /which colour\?/);
});

Deno.test("reading: at most 16,000 bytes, what was printed is read, --again shows it once more, also after a kill", async () => {
  await using stage = await Stage.open();
  const { ada, bob, daemons, start } = await scene(stage);
  await say(
    ada,
    Array.from({ length: 30 }, (_, at) => `${at} ${"é".repeat(8_000)}`),
  );
  await heard(bob, 30);
  const first = await done(bob, "messages");
  assert.ok(bytes(first) <= 16_000, `${bytes(first)}`);
  const shown = idsOf(first);
  assert.ok(shown.length >= 5 && shown.length < 30, `${shown.length}`);
  const [, missing, whole] =
    /… (\d+) bytes more: agentnet show (\w+)/.exec(first) ?? [];
  assert.ok(Number(missing) > 10_000);
  assert.equal((await done(bob, "show", `${whole}`, "--raw")).length, 8_002);
  assert.equal(
    await done(bob, "messages", "--count"),
    `${30 - shown.length}\n`,
  );

  const again = await done(bob, "messages", "--again");
  assert.deepEqual(idsOf(again), shown);
  const daemon = daemons[1];
  daemon?.kill("SIGKILL");
  await daemon?.status;
  await bob.online(start());
  const later = await bob.json(["messages", "--again"]);
  assert.equal(later.value.messages.length, shown.length);
  assert.ok(
    later.value.messages.every(({ text }: { text: string }) =>
      text.length > 8_000
    ),
  );
  const all = await done(bob, "messages", "--max-bytes", "0");
  assert.ok(bytes(all) > 16_000);
  assert.equal((await bob.run(["messages", "--count"])).code, 6);
});

Deno.test("reading: the newest, those behind them, and what many come to leave the others unread", async () => {
  await using stage = await Stage.open();
  const { ada, bob } = await scene(stage);
  const texts = Array.from(
    { length: 250 },
    (_, at) =>
      at % 50 === 9 ? `@bob shall we do step ${at}?` : `step ${at} is done`,
  );
  await say(ada, texts);
  await heard(bob, 250);
  const digest = await done(bob, "messages", ROOM, "--digest");
  assert.ok(bytes(digest) <= 2_000, `${bytes(digest)}`);
  assert.match(digest, /\n250 messages, .*\nsaid: ada·\w{8} ✓ 250\n/);
  assert.match(
    digest,
    /\nfor you, 5:\n(\w+ .* step \d+\?\n){5}open questions, 5:\n/,
  );
  assert.equal(await done(bob, "messages", "--count"), "250\n");

  const last = await done(bob, "messages", "--last", "2");
  assert.match(last, /: step 248 is done\n.*: step 249 is done\n⟦end/);
  assert.equal(await done(bob, "messages", "--count"), "248\n");
  const skipped = await done(bob, "messages", "--skip", "3", "--limit", "1");
  assert.match(skipped, /: step 3 is done\n/);
  assert.match(
    await done(bob, "messages", "--limit", "1"),
    /: step 0 is done\n/,
  );
  const past = await done(bob, "history", ROOM, "--last", "2", "--skip", "240");
  assert.match(past, /: step 8 is done\n.*: @bob shall we do step 9\?\n⟦end/);
  assert.match(
    await done(bob, "history", ROOM, "--digest"),
    /\n250 messages, /,
  );
});
