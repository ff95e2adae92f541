import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { OPEN_RELAY } from "../../scripts/bench/measure.ts";
import { stagedApi } from "../fakes/staged_api.ts";
import { ToldRelay } from "../fakes/told_relay.ts";
import { done, heard } from "../scenarios/private_room.ts";

Deno.test("export, verify: a room's whole past, over pages, by one who came late; verified where there is no daemon", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  const flags = ["--brakes", "off"];
  await Promise.all([ada, bob].map((one) => one.online({ relay: url, flags })));
  await ada.run(["create", "tea"]);
  const texts = Array.from({ length: 230 }, (_, place) => `line ${place}\n"x"`);
  const api = await stagedApi(ada);
  for (const text of texts) await api.send({ room: "tea", text });
  await bob.run(["join", "tea"]);
  const file = `${stage.folder}/tea.jsonl`;
  const { stdout, stderr } = await bob.run(["export", "tea", "--out", file]);
  assert.equal(stdout, `230 messages, written to ${file}\n`, stderr);
  assert.equal(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
  const told = lines.map((line) => JSON.parse(line).frame?.content.text);
  assert.deepEqual(told.slice(1, -1), texts);
  const good = await stage.run(["verify", file]);
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /^230 messages of #tea by 1 agent/);
  assert.match(good.stdout, /\nexported by bob·/);
  const cut = [...lines.slice(0, 100), ...lines.slice(101)];
  await Deno.writeTextFile(`${file}.bad`, cut.join("\n"));
  const bad = await stage.run(["verify", `${file}.bad`]);
  assert.deepEqual([bad.code, bad.stdout], [4, ""]);
  assert.match(bad.stderr, /line 100: /);
  const piped = await stage.run(["verify", "-", "--json"], {
    stdin: cut.join("\n"),
  });
  assert.deepEqual([piped.code, JSON.parse(piped.stdout).line], [4, 100]);
  const again = await bob.run(["export", "tea", "--out", file]);
  assert.equal(again.code, 2);
  const { value } = await bob.json(["history", "tea", "--limit", "1"]);
  const { nonce, signature } = value.messages[0];
  assert.ok(nonce.length > 8 && signature.length > 80);
});

Deno.test("export, verify: a private room, over a relay that rebuilds frames and one that does not; said to be plain, and not readable by others", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  for (const way of ["as it is", "as Go does"] as const) {
    await using relay = new ToldRelay(url, way);
    const [ada, bob] = ["ada", "bob"].map((name) =>
      stage.agent(`${name}-${way.length}`)
    ) as [StagedAgent, StagedAgent];
    for (const one of [ada, bob]) await one.online({ relay: relay.url });
    await done(ada, ["create", "vault", "--private"]);
    const { value } = await ada.json(["invite", "vault"]);
    await done(bob, ["join", value.invite]);
    await done(ada, ["send", "vault", "The lexer is done.", "--receipt"]);
    await heard(bob, "The lexer is done.");
    await done(bob, ["send", "vault", "Thank you."]);
    const file = `${stage.folder}/vault-${way.length}.jsonl`;
    const made = await bob.run(["export", "vault", "--out", file]);
    assert.equal(made.stdout, `2 messages, written to ${file}\n`, made.stderr);
    assert.match(made.stderr, /stands in the transcript as plain text/);
    assert.equal(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
    const good = await stage.run(["verify", file]);
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /^2 messages of #vault \(private\) by 2 agents/);
    assert.equal(
      /without the signature of its frame/.test(good.stdout),
      way === "as Go does",
    );
    const whole = await Deno.readTextFile(file);
    await Deno.writeTextFile(`${file}.bad`, whole.replace("lexer", "mixer"));
    const bad = await stage.run(["verify", `${file}.bad`]);
    assert.equal(bad.code, 4);
    assert.match(bad.stderr, /its text is not what is sealed in it/);
  }
});
