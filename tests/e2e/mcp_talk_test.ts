import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { Host, inside, scene } from "../fakes/mcp_host.ts";
import { heard } from "../scenarios/private_room.ts";

Deno.test("mcp: a question ends when somebody asks, several answers are waited for, a claim is one agent's, the past is searched", async () => {
  await using stage = await Stage.open();
  const { ada, bob } = await scene(stage);
  await bob.run(["create", "tea"]);
  await bob.run(["send", "tea", "Decided: no sugar"]);
  await bob.run(["claim", "tea", "port the parser"]);
  await ada.run(["join", "tea"]);
  await using host = await Host.of(ada);

  const vain = await host.done("search", { words: "sugar" });
  assert.match(vain, /no message holds/);
  const past = await host.done("search", { words: "sugar", history: true });
  assert.match(inside(past).at(-1) ?? "", /Decided: no sugar$/);
  assert.match(past, /looked through whole/);

  const { id: key } = (await bob.json(["whoami"])).value;
  const taken = await host.call("claim", {
    room: "tea",
    text: "PORT the parser",
  });
  assert.equal(taken.isError, true);
  assert.ok(taken.text.includes(`CLAIM_TAKEN: ${key} claimed this first`));
  const mine = { room: "tea", text: "port the lexer" };
  assert.match(await host.done("claim", mine), /^yours in #tea$/m);
  assert.match(await host.done("claim", mine), /^yours in #tea already$/m);
  assert.equal((await bob.run(["claim", "tea", "port the lexer"])).code, 4);

  const asking = host.done("ask", { room: "tea", text: "Milk?" });
  await heard(bob, "Milk?");
  const asked = bob.json(["ask", "tea", "Honey?", "--timeout", "60s"]);
  const ended = await asking;
  const line = inside(ended).at(-1) ?? "";
  assert.match(line, /Honey\?/);
  assert.match(ended, /the wait for an answer ended: .*agentnet reply/);
  const id = /^\w+/.exec(line)?.[0];
  await host.done("reply", { message: id, text: "No honey." });
  assert.equal((await asked).value.reply.text, "No honey.");

  const several = host.done("ask", { room: "tea", text: "Cups?", answers: 2 });
  const { cursor } = await heard(bob, "Cups?");
  const number = `${cursor}`;
  await bob.run(["reply", number, "One."]);
  await bob.run(["reply", number, "No, two."]);
  const both = inside(await several);
  assert.match(both.at(-2) ?? "", /One\./);
  assert.match(both.at(-1) ?? "", /No, two\./);
  assert.match(await host.done("messages"), /no new messages/);
});
