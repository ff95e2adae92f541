import assert from "node:assert/strict";
import type { RawObject } from "../../../../lib/protocol/frames.ts";
import { SealedAgent, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";
import { isKind, textOf } from "../../../fakes/sealed_scene.ts";
import { identityOf } from "../../../fakes/fast_identity.ts";

/** Two at a relay without any extension. */
async function goPair(): Promise<
  { hub: SealedHub; ada: SealedAgent; bob: SealedAgent }
> {
  const hub = new SealedHub([]);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  return { hub, ada, bob };
}

/** Each has pinned the other. */
async function contacts() {
  const { hub, ada, bob } = await goPair();
  await ada.session.pin({ agent: bob.id, name: "bob" });
  await bob.session.pin({ agent: ada.id, name: "ada" });
  return { hub, ada, bob };
}

const dm = (hub: SealedHub, who: SealedAgent, to: string, text: string) =>
  waitFor(hub, who.session.send({ room: to, text }));

const onWire = (hub: SealedHub) => JSON.stringify(hub.said);

Deno.test("PairRooms: what is said to a contact waits until both are in the pair's room, then comes, sealed", async () => {
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  const sent = await dm(hub, ada, "@bob", "a word with you");
  assert.deepEqual([sent.status, sent.waits_for], ["queued", "agent"]);
  await bob.hears("a word with you");
  const [message] = await bob.all("@ada");
  assert.deepEqual(
    [message?.from, message?.private, message?.verified, message?.late],
    [ada.id, true, true, false],
  );
  const rooms = [...hub.rooms.keys()];
  assert.equal(rooms.length, 1);
  assert.match(rooms[0]!, /^p-[0-9a-f]{32}$/);
  assert.ok(hub.said.every(isKind("m")), "a line that is not sealed");
  assert.ok(!onWire(hub).includes("a word with you"));
});

Deno.test("PairRooms: while both are there what is said comes at once, both ways, in order and once", async () => {
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  await dm(hub, ada, "@bob", "one");
  await bob.hears("one");
  const two = await dm(hub, bob, "@ada", "two");
  assert.deepEqual([two.status, two.waits_for], ["accepted", undefined]);
  for (const text of ["three", "four", "five"]) {
    await dm(hub, ada, "@bob", text);
  }
  await bob.hears("five");
  await ada.hears("two");
  assert.deepEqual(await bob.texts("@ada"), [
    ...["one", "two", "three", "four", "five"],
  ]);
  assert.deepEqual(await ada.gaps("@bob"), []);
  assert.deepEqual(await bob.gaps("@ada"), []);
});

Deno.test("PairRooms: to one who does not know us it is kept, and he is in no room of ours", async () => {
  const { hub, ada, bob } = await goPair();
  using _ = hub;
  await dm(hub, ada, `@${bob.id}`, "do you know me?");
  await hub.goOn(120_000);
  assert.deepEqual(hub.said, []);
  const [room] = hub.rooms.values();
  assert.deepEqual([...room!.members.keys()], [ada.id]);
  const { sent } = await ada.session.sent({ limit: 1 });
  assert.equal(sent[0]?.status, "queued");
});

Deno.test("PairRooms: a muted contact's room is not entered, and is left once he is muted", async () => {
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  await dm(hub, ada, "@bob", "one");
  await bob.hears("one");
  const [room] = hub.rooms.values();
  assert.ok(room!.members.has(bob.id));
  await bob.session.mute({ agent: ada.id });
  await hub.goOn(45_000);
  assert.ok(!room!.members.has(bob.id));
});

Deno.test("PairRooms: nobody makes a room while there is nothing to say", async () => {
  const { hub } = await contacts();
  using _ = hub;
  await hub.goOn(120_000);
  assert.deepEqual([...hub.rooms.keys()], []);
});

Deno.test("PairRooms: what was said while the other's line was gone unnoticed is had from the room's past, as late", async () => {
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  await dm(hub, ada, "@bob", "one");
  await bob.hears("one");
  // The relay still has him there for ada.
  bob.close();
  const sent = await dm(hub, ada, "@bob", "while you were gone");
  assert.equal(sent.status, "accepted");
  bob.open();
  await bob.hears("while you were gone");
  const last = (await bob.all("@ada")).at(-1);
  assert.deepEqual([last?.text, last?.late], ["while you were gone", true]);
  assert.deepEqual(await bob.gaps("@ada"), []);
});

Deno.test("PairRooms: a room that a relay ended in silence is made again, and what waits comes", async () => {
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  await dm(hub, ada, "@bob", "one");
  await bob.hears("one");
  hub.rooms.clear();
  const sent = await dm(hub, ada, "@bob", "two");
  assert.equal(sent.status, "queued");
  // Bob does not hear that it ended until he enters it again.
  await hub.goOn(31 * 60_000);
  const again = await dm(hub, ada, "@bob", "three");
  assert.equal(again.status, "accepted");
  await bob.hears("three");
});

Deno.test("PairRooms: what a relay says of others, or another says in the room, is nothing", async () => {
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  await dm(hub, ada, "@bob", "one");
  await bob.hears("one");
  const [wire] = hub.rooms.keys();
  const eve = identityOf(new Uint8Array(32).fill(9));
  const [first] = hub.said as [RawObject];
  for (const text of [textOf(first), "plain", "agentnet-e2e-1.m.AAAA"]) {
    const frame = { room: wire!, id: "eve-1", text };
    hub.say(eve, frame);
    hub.say(ada.identity, { ...frame, id: "ada-1" });
  }
  await hub.goOn(5_000);
  assert.deepEqual(await bob.texts(), ["one"]);
});

Deno.test("PairRooms: a stranger in the pair's room asks for nothing there, whatever he sealed for whom", async () => {
  const other = new SealedHub();
  using _other = other;
  const eve = await SealedAgent.make(other, { number: 9, name: "eve" });
  const same = await SealedAgent.make(other, { number: 2, name: "bob" });
  await dm(other, eve, `@${same.id}`, "psst");
  const [word] = other.said as [RawObject];
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  await dm(hub, ada, "@bob", "one");
  await bob.hears("one");
  const [wire] = hub.rooms.keys();
  const psst = { room: wire!, id: String(word.id), text: textOf(word) };
  hub.say(eve.identity, psst);
  await hub.goOn(5_000);
  assert.deepEqual(bob.session.requests().requests, []);
  assert.deepEqual(await bob.texts(), ["one"]);
});

Deno.test("PairRooms: two who write at once are in one room", async () => {
  const { hub, ada, bob } = await contacts();
  using _ = hub;
  const [one, two] = await waitFor(
    hub,
    Promise.all([
      ada.session.send({ room: "@bob", text: "from ada" }),
      bob.session.send({ room: "@ada", text: "from bob" }),
    ]),
  );
  assert.deepEqual([one.status, two.status], ["queued", "queued"]);
  await bob.hears("from ada");
  await ada.hears("from bob");
  assert.equal(hub.rooms.size, 1);
});

Deno.test("PairRooms: of more contacts' rooms than we may be in those longest unused are left", async () => {
  const hub = new SealedHub([]);
  using _ = hub;
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const others = [];
  for (let number = 2; number < 20; number++) {
    const one = await SealedAgent.make(hub, { number, name: `a${number}` });
    await one.session.pin({ agent: ada.id, name: "ada" });
    await ada.session.pin({ agent: one.id, name: one.name });
    others.push(one);
  }
  for (const one of others) {
    await dm(hub, one, "@ada", `from ${one.name}`);
  }
  for (const one of others) await ada.hears(`from ${one.name}`);
  await hub.goOn(60_000);
  const isIn = [...hub.rooms.values()].filter(({ members }) =>
    members.has(ada.id)
  );
  assert.equal(isIn.length, 16);
});
