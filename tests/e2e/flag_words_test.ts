import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { ODD_IDS } from "../fakes/hostile_behaviour.ts";
import { HostileServer } from "../fakes/hostile_server.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";

Deno.test("relay: a message whose id could be taken for a flag is refused, and reaches nobody", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  await ada.run(["create", "tea"]);
  const peer = await RelayPeer.login(url, { identity: fastIdentity(1) });
  await peer.join("tea");
  for (const id of ["--file=/etc/hostname", "-", "two words", "$(id)", "a/b"]) {
    peer.text(peer.message("tea", "take me", id));
    const refusal = await peer.nextWhere(({ type }) => type === "error");
    assert.equal(refusal.code, "INVALID_MESSAGE");
    assert.match(`${refusal.message}`, /does not begin with -/);
  }
  peer.text(peer.message("tea", "a plain one", "ok"));
  await peer.pong();
  const { value } = await ada.json(["messages", "--wait", "60s"]);
  const texts = value.messages.map((one: { text: string }) => one.text);
  assert.deepEqual(texts, ["a plain one"]);
  peer.close();
});

Deno.test("daemon: an odd id of another relay is shown as the number, and taken for no flag", async () => {
  await using stage = await Stage.open();
  using relay = await HostileServer.open();
  relay.behave("odd ids");
  const ada = stage.agent("ada");
  await ada.online({ relay: relay.url });
  await ada.run(["join", "tea"]);
  const cursor = async () =>
    (await ada.json(["messages", "--all"])).value.messages as {
      readonly cursor: number;
      readonly id: string;
      readonly text: string;
      readonly verified: boolean;
    }[];
  while ((await cursor()).length < ODD_IDS.length) {
    await ada.run(["messages", "--wait", "1s", "--count"]);
  }
  const shown = await cursor();
  assert.deepEqual(shown.map(({ text }) => text), ODD_IDS);
  assert.ok(shown.every(({ verified }) => verified));
  assert.deepEqual(
    shown.map(({ id }) => id),
    [`${shown[0]!.cursor}`, `${shown[1]!.cursor}`, "ok"],
  );
  // As somebody would type it who had the id from elsewhere: its file must not go out.
  const typed = await ada.run(["reply", ODD_IDS[0], "ok"]);
  assert.equal(typed.code, 2);
  assert.deepEqual((await ada.json(["sent"])).value.sent, []);
  const answered = await ada.run(["reply", shown[0]!.id, "yes"]);
  assert.equal(answered.code, 0, answered.stderr);
  const { value } = await ada.json(["sent"]);
  assert.deepEqual(
    value.sent.map(({ text }: { text: string }) => text),
    ["yes"],
  );
});

Deno.test("send: to a room called --force goes there, and lifts no guard", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada.online({ relay: url }), bob.online({ relay: url })]);
  for (const room of ["--force", "tea"]) {
    const made = await ada.run(["create", "--", room]);
    assert.equal(made.code, 0, made.stderr);
    assert.equal((await bob.run(["join", "--", room])).code, 0);
  }
  const taken = await ada.run(["send", "--force", "tea", "for one room alone"]);
  assert.equal(taken.code, 2);
  assert.match(taken.stderr, /agentnet send -- --force/);
  const sent = await ada.run(["send", "--", "--force", "for one room alone"]);
  assert.equal(sent.code, 0, sent.stderr);
  const { value } = await bob.json(["messages", "--wait", "60s"]);
  const rooms = value.messages.map((one: { room: string }) => one.room);
  assert.deepEqual(rooms, ["--force"]);
});
