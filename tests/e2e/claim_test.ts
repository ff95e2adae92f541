import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

Deno.test("claim: of ten agents that claim the same at once one has it, and all others are told who", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const agents = Array.from(
    { length: 10 },
    (_, n) => stage.agent(`agent-${n}`),
  );
  for (const one of agents) await one.online({ relay: url });
  const [first, ...rest] = agents;
  assert.ok(first);
  assert.equal((await first.run(["create", "tea"])).code, 0);
  for (const one of rest) {
    assert.equal((await one.run(["join", "tea"])).code, 0);
  }
  const told = await Promise.all(agents.map(async (agent, n) => {
    const text = n % 2 === 0 ? "port the parser" : "Port  the PARSER";
    const { code, value } = await agent.json(["claim", "tea", text]);
    return { agent, code, value };
  }));
  const winners = told.filter(({ code }) => code === 0);
  assert.equal(winners.length, 1, JSON.stringify(told.map(({ code }) => code)));
  const winner = (await winners[0]!.agent.json(["whoami"])).value.id;
  for (const { code, value } of told) {
    assert.equal(value.first.from, winner);
    assert.equal(value.by, "seq");
    if (code === 0) continue;
    assert.equal(code, 4);
    assert.equal(value.error.code, "CLAIM_TAKEN");
    assert.ok(value.error.message.includes(winner));
  }
  // A newcomer, and those who ask again.
  const late = stage.agent("late");
  await late.online({ relay: url });
  await late.run(["join", "tea"]);
  const { code, stdout, stderr } = await late.run(
    ["claim", "tea", "port the parser"],
  );
  assert.equal(code, 4);
  const [line = "", quote = ""] = stdout.split("\n");
  assert.equal(line, `taken in #tea by ${winner}`);
  assert.match(quote, /^agent-\d.* ⟦untrusted: port +the parser⟧$/i);
  assert.match(stderr, new RegExp(`${winner} claimed this first`));
  const again = await winners[0]!.agent.run(
    ["claim", "tea", " PORT THE PARSER "],
  );
  assert.deepEqual([again.code, again.stdout], [0, "yours in #tea already\n"]);
  const other = await late.run(["claim", "tea", "port the lexer"]);
  assert.deepEqual([other.code, other.stdout], [0, "yours in #tea\n"]);
  const { value } = await first.json(["history", "tea", "--limit", "1"]);
  assert.equal(value.messages[0].kind, "claim");
  const shown = await first.run(["history", "tea", "--limit", "1"]);
  assert.match(shown.stdout, /late·\w{8} ✓ claims: port the lexer$/m);
});

Deno.test("claim: plain words are no claim, a room that one is not in refuses, and a secret is held back", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((one) => one.online({ relay: url })));
  await ada.run(["create", "tea"]);
  await ada.run(["send", "tea", "port the parser"]);
  const outside = await bob.json(["claim", "tea", "port the parser"]);
  assert.equal(outside.code, 4);
  assert.equal(outside.value.error.code, "NOT_IN_ROOM");
  await bob.run(["join", "tea"]);
  assert.equal((await bob.run(["claim", "tea", "port the parser"])).code, 0);
  const secret = `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}`;
  assert.equal((await bob.run(["claim", "tea", secret])).code, 8);
  assert.equal((await bob.run(["claim", "tea"])).code, 2);
});
