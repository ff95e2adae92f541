import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { SealedAgent, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";
import { isKind } from "../../../fakes/sealed_scene.ts";

/** By whatever way a relay has: what it keeps for one agent, or the room of the pair. */
const WAYS = { "direct": undefined, "a pair's room": [] } as const;
const isReceipt = isKind("g");

async function two(features?: readonly []) {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  return { hub, ada, bob };
}

async function contacts(features?: readonly []) {
  const scene = await two(features);
  const { ada, bob } = scene;
  await ada.session.pin({ agent: bob.id, name: "bob" });
  await bob.session.pin({ agent: ada.id, name: "ada" });
  return scene;
}

const ask = (hub: SealedHub, who: SealedAgent, room: string, text: string) =>
  waitFor(hub, who.session.send({ room, text, receipt: true }));

async function readAll(who: SealedAgent): Promise<void> {
  const cursor = (await who.all()).at(-1)?.cursor ?? 0;
  who.session.read({ cursor });
}

const receiptsOf = (who: SealedAgent, limit = 1) =>
  who.session.sent({ limit }).sent.map(({ receipts }) => receipts);

for (const [way, features] of Object.entries(WAYS)) {
  Deno.test(`receipts of a talk, ${way}: delivered, then shown, sealed; nothing of it is a message, or missed`, async () => {
    const { hub: made, ada, bob } = await contacts(features);
    using hub = made;
    await ask(hub, ada, "@bob", "secretword");
    await bob.hears("secretword");
    await hub.goOn(15_000);
    deepStrictEqual(receiptsOf(ada), [{ delivered: 1, shown: 0, of: 1 }]);
    await readAll(bob);
    await hub.goOn(15_000);
    deepStrictEqual(receiptsOf(ada), [{ delivered: 1, shown: 1, of: 1 }]);
    strictEqual(hub.said.filter(isReceipt).length, 2);
    strictEqual(JSON.stringify(hub.said).includes("secretword"), false);
    deepStrictEqual(await ada.texts(), ["secretword"]);
    await ask(hub, bob, "@ada", "thanks");
    await ada.hears("thanks");
    await hub.goOn(60_000);
    deepStrictEqual(await ada.gaps("@bob"), []);
    strictEqual(ada.session.status().forged, 0);
    strictEqual(bob.session.status().forged, 0);
  });
}

Deno.test("receipts of a talk: whoever was away finds one, the last, and all that it has to tell", async () => {
  const { hub: made, ada, bob } = await contacts();
  using hub = made;
  for (let n = 0; n < 5; n++) await ask(hub, ada, "@bob", `word ${n}`);
  await bob.hears("word 4");
  ada.close();
  for (let n = 0; n < 5; n++) {
    const { cursor } = (await bob.all("@ada"))[n]!;
    bob.session.read({ cursors: [cursor] });
    await hub.goOn(12_000);
  }
  ok(hub.said.filter(isReceipt).length >= 5);
  strictEqual(hub.inboxes.of(ada.id).length, 1);
  ada.open();
  await hub.goOn(2_000);
  const told = receiptsOf(ada, 5);
  deepStrictEqual(told, told.map(() => ({ delivered: 1, shown: 1, of: 1 })));
  deepStrictEqual(hub.inboxes.of(ada.id), []);
});

Deno.test("receipts of a talk: to a stranger none; that he was accepted he learns from an answer, not from a receipt", async () => {
  const { hub: made, ada, bob } = await two();
  using hub = made;
  await ask(hub, ada, `@${bob.id}`, "hello");
  await hub.until(() => bob.session.requests().requests.length === 1);
  await hub.goOn(20_000);
  const accepting = bob.session.accept({ agent: ada.id });
  const { room: talk = "" } = await waitFor(hub, accepting);
  await readAll(bob);
  await ask(hub, ada, `@${bob.id}`, "are you there?");
  await bob.hears("are you there?");
  await readAll(bob);
  await hub.goOn(30_000);
  deepStrictEqual(hub.said.filter(isReceipt), []);
  await waitFor(hub, bob.say(talk, "yes"));
  await ada.hears("yes");
  await hub.goOn(30_000);
  const [again, first] = receiptsOf(ada, 2);
  deepStrictEqual(again, { delivered: 1, shown: 1, of: 1 });
  deepStrictEqual(first, { delivered: 0, shown: 0, of: 1 });
});

Deno.test("receipts of a talk: none that nobody asked for, and none of a third's counts", async () => {
  const { hub: made, ada, bob } = await contacts();
  using hub = made;
  await waitFor(hub, ada.say("@bob", "plain"));
  await bob.hears("plain");
  await readAll(bob);
  await hub.goOn(20_000);
  deepStrictEqual(hub.said.filter(isReceipt), []);
  const eve = await SealedAgent.make(hub, { number: 3, name: "eve" });
  await ask(hub, ada, "@bob", "asked");
  await bob.hears("asked");
  await hub.goOn(15_000);
  const [receipt] = hub.said.filter(isReceipt);
  const { text } = receipt!.content as { text: string };
  const forged = ada.session.status().forged;
  hub.inboxes.take(eve.identity, { id: "copied", to: ada.id, text });
  await hub.goOn(2_000);
  deepStrictEqual(receiptsOf(ada), [{ delivered: 1, shown: 0, of: 1 }]);
  strictEqual(ada.session.status().forged, forged + 1);
});
