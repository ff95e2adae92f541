// Files between agents over a relay that keeps none: each a real process.

import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { ToldRelay } from "../fakes/told_relay.ts";

interface Shown {
  readonly text: string;
  readonly short_id: string;
  readonly file?: { readonly size: number };
}

async function keyOf(who: StagedAgent): Promise<string> {
  return (await who.json(["whoami"])).value.id;
}

/** Waits for one message with a file, and gets that. */
async function getsNext(who: StagedAgent, to: string): Promise<Uint8Array> {
  const { value } = await who.json(["messages", "--wait", "60s"]);
  const messages: readonly Shown[] = value.messages;
  assert.deepEqual(messages.map(({ text }) => text), ["in parts"]);
  const id = messages[0]!.short_id;
  const got = await who.run(["get", id, "--out", to]);
  assert.equal(got.code, 0, got.stderr);
  return await Deno.readFile(to);
}

Deno.test("files: over a relay without any feature they go in parts in private rooms and talks, sealed, up to 1 MB", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using relay = new ToldRelay(url, "as Go does");
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: relay.url });
  await bob.online({ relay: relay.url });
  await ada.run(["create", "vault", "--private"]);
  const { value: { invite } } = await ada.json(["invite", "vault"]);
  assert.equal((await bob.run(["join", invite])).code, 0);

  const path = `${stage.folder}/plan9.bin`;
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  await Deno.writeFile(path, bytes);
  const send = ["send", "vault", "--attach", path, "in parts"];
  const sent = await ada.json(send);
  assert.equal(sent.code, 0, sent.stdout);
  assert.ok(sent.value.file.until > Date.now());
  const got = await getsNext(bob, `${stage.folder}/got`);
  assert.deepEqual(got, bytes);
  const texts = relay.frames.join("\n");
  assert.ok(texts.includes("agentnet-e2e-1.f."));
  assert.ok(!texts.includes("plan9") && !texts.includes("in parts"));

  // Where the other is not in the pair's room yet, it waits with its message.
  await bob.run(["pin", await keyOf(ada), "ada"]);
  await ada.run(["pin", await keyOf(bob), "bob"]);
  const told = await ada.json(["dm", "bob", "--attach", path, "in parts"]);
  assert.ok([0, 9].includes(told.code), told.stdout);
  const talk = await getsNext(bob, `${stage.folder}/talk`);
  assert.deepEqual(talk, bytes);

  await Deno.writeFile(path, new Uint8Array(2 ** 20 + 1));
  const over = await ada.run(["send", "vault", "--attach", path]);
  assert.equal(over.code, 2);
  assert.match(over.stderr, /1048577 bytes, more than 1048576 \(1 MB\)/);
  await ada.run(["create", "tea"]);
  const open = await ada.run(["send", "tea", "--attach", path]);
  assert.equal(open.code, 4);
  assert.match(open.stderr, /keeps no files[^]*in a private room/);
});
