import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { HOSTILE_TEXTS } from "../fakes/hostile_text.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";

const KINDS = ["unseen", "unseen word", "marks", "spaces"];

Deno.test("messages: what nobody would see in another's text is told; the JSON has it as it came", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  await ada.run(["create", "tea"]);
  const peer = await RelayPeer.login(url, { identity: fastIdentity(1) });
  await peer.join("tea");
  const sent = HOSTILE_TEXTS.filter(({ kind }) => KINDS.includes(kind))
    .slice(-40).map(({ text }) => text);
  for (const text of sent) peer.text(peer.message("tea", text));
  await peer.pong();
  await ada.run(["wait-ready"]);
  const { stdout } = await ada.run(["messages", "--wait", "60s", "--peek"]);
  assert.doesNotMatch(
    stdout,
    /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u2800\u{16fe4}\u{1d159}]|\p{Zs}{17}|[\p{Mn}\p{Me}]{5}/u,
  );
  const { stdout: json, value } = await ada.json(["messages"]);
  assert.doesNotMatch(json, /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u2800]/u);
  const texts = value.messages.map((one: { text: string }) => one.text);
  assert.deepEqual(texts, sent.slice(0, texts.length));
  peer.close();
});

Deno.test("relay: a name that shows nothing is refused at the login", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  for (const name of [" ", "\u3000", "\u2800", `b${"\u0336".repeat(9)}`]) {
    const login = RelayPeer.login(url, { identity: fastIdentity(1), name });
    await assert.rejects(login, /INVALID_MESSAGE/, JSON.stringify(name));
  }
});
