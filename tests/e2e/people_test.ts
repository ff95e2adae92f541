import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

Deno.test("people: a muted agent is not heard, a false name is flagged, and both last over a restart", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  const fake = stage.agent("fake");
  const [daemon] = await Promise.all([
    ada.online({ relay: url }),
    bob.online({ relay: url }),
    fake.online({ relay: url, env: { AGENTNET_NAME: "B0b" } }),
  ]);
  await ada.run(["create", "tea"]);
  for (const one of [bob, fake]) await one.run(["join", "tea"]);
  const { value: { id } } = await bob.json(["whoami"]);
  const pinned = await ada.run(["pin", id, "bob"]);
  assert.equal(pinned.code, 0, pinned.stderr);
  await bob.run(["send", "tea", "it is me"]);
  await fake.run(["send", "tea", "it is me too"]);
  await ada.run(["messages", "--count", "--wait", "60s"]);
  const shown = await ada.run(["messages", "--wait", "60s"]);
  assert.match(shown.stdout, /bob·\w{8} ✓: it is me\n/);
  const late = /it is me too/.test(shown.stdout)
    ? shown
    : await ada.run(["messages", "--wait", "60s"]);
  assert.match(late.stdout, /B0b·\w{8} ✓ ⚠ not the bob you know: it is me too/);

  const key = /B0b·(\w{8})/.exec(late.stdout)?.[1] ?? "";
  const muted = await ada.run(["mute", key]);
  assert.equal(muted.code, 0, muted.stderr);
  const four = await ada.run(["messages", "--all", "--from", key.slice(0, 4)]);
  assert.equal(four.code, 2);
  assert.match(four.stderr, new RegExp(`too short.*${key}`));
  await fake.run(["send", "tea", "listen!"]);
  assert.equal((await ada.run(["messages", "--wait", "500ms"])).code, 6);
  await ada.run(["stop"]);
  await daemon.status;
  await ada.online({ relay: url });
  const all = await ada.json(["messages", "--all"]);
  const marks = all.value.messages.map((
    one: { text: string; muted?: true; name_conflict?: string },
  ) => [one.text, one.muted ?? false, one.name_conflict]);
  assert.deepEqual(marks, [
    ["it is me", false, undefined],
    ["it is me too", true, "bob"],
    ["listen!", true, "bob"],
  ]);
  const { value } = await ada.json(["contacts"]);
  assert.equal(value.contacts.length, 2);
});
