import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { WAKE_DEFAULT } from "../../../../lib/local_api/wake_policy.ts";
import type { RawObject } from "../../../../lib/protocol/frames.ts";
import { SealedAgent, vaultOf, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";
import { adaAndBob, isKind, textOf } from "../../../fakes/sealed_scene.ts";

const isReceipt = isKind("g");
const VAULT = "vault";

/** Asks in the vault; its id. */
async function ask(
  hub: SealedHub,
  who: SealedAgent,
  text: string,
): Promise<string> {
  const asking = who.session.send({ room: VAULT, text, receipt: true });
  const sent = await waitFor(hub, asking);
  strictEqual(sent.receipt, true);
  return sent.id;
}

/** Its agent is shown all that came. */
async function readAll(who: SealedAgent): Promise<void> {
  const cursor = (await who.all(VAULT)).at(-1)?.cursor ?? 0;
  who.session.read({ cursor, room: VAULT });
}

/** So many in the vault; the first one is its admin. */
async function crowd(
  hub: SealedHub,
  count: number,
): Promise<[SealedAgent, ...SealedAgent[]]> {
  const ada = await SealedAgent.make(hub, { number: 1, name: "agent a" });
  await vaultOf(hub, [ada]);
  const invited = { room: VAULT, for_ms: 3_600_000, uses: count };
  const { invite } = await waitFor(hub, ada.session.invite(invited));
  const all: [SealedAgent, ...SealedAgent[]] = [ada];
  while (all.length < count) {
    // Ten changes a minute.
    await hub.goOn(6_500);
    const name = `agent ${String.fromCharCode(97 + all.length)}`;
    const one = await SealedAgent.make(hub, { number: all.length + 1, name });
    await waitFor(hub, one.session.join_private({ invite }));
    all.push(one);
  }
  await hub.goOn(5_000);
  return all;
}

const receiptsOf = (who: SealedAgent, limit = 1) =>
  who.session.sent({ limit }).sent.map(({ receipts }) => receipts);

Deno.test("a private room's receipts: delivered, then shown, of all members, over a relay that knows nothing of it; nothing plain, nothing unread, nothing shown", async () => {
  for (const features of [undefined, []] as const) {
    const { hub: made, ada, bob } = await adaAndBob(
      features === undefined ? undefined : [],
    );
    using hub = made;
    const id = await ask(hub, ada, "secretword");
    await bob.hears("secretword");
    deepStrictEqual(receiptsOf(ada), [{ delivered: 0, shown: 0, of: 1 }]);
    await hub.goOn(15_000);
    deepStrictEqual(receiptsOf(ada), [{ delivered: 1, shown: 0, of: 1 }]);
    await readAll(bob);
    await hub.goOn(15_000);
    deepStrictEqual(receiptsOf(ada), [{ delivered: 1, shown: 1, of: 1 }]);
    strictEqual(hub.said.filter(isReceipt).length, 2);
    const wire = JSON.stringify([hub.said.filter(isReceipt), hub.marks]);
    strictEqual(wire.includes(ada.id) || wire.includes(id), false);
    deepStrictEqual(hub.marks, []);
    deepStrictEqual(await ada.texts(VAULT), ["secretword"]);
    const page = await waitFor(
      hub,
      ada.session.history({ room: VAULT, limit: 10 }),
    );
    deepStrictEqual(page.messages.map(({ text }) => text), ["secretword"]);
    const status = ada.session.status();
    strictEqual(status.rooms[0]?.unread, 0);
    strictEqual(status.forged, 0);
    // Nobody tells of what is told.
    await hub.goOn(60_000);
    strictEqual(hub.said.filter(isReceipt).length, 2);
    deepStrictEqual(await bob.gaps(VAULT), []);
    deepStrictEqual(await ada.gaps(VAULT), []);
  }
});

Deno.test("a private room's receipts: nobody is told who does not ask; who tells nothing tells nothing", async () => {
  const { hub: made, ada, bob } = await adaAndBob();
  using hub = made;
  await waitFor(hub, ada.say(VAULT, "plain"));
  await bob.hears("plain");
  await readAll(bob);
  await hub.goOn(20_000);
  bob.close();
  bob.open({
    settings: {
      relayUrls: ["ws://relay.test/v1/ws"],
      ...{ agentId: bob.id, agentName: "bob", version: "1" },
      ...{ buffer: 1_000, queueForMs: 600_000, brakes: false },
      ...{ wake: WAKE_DEFAULT, receipts: "off" },
    },
  });
  await ask(hub, ada, "asked");
  await bob.hears("asked");
  await readAll(bob);
  await hub.goOn(20_000);
  deepStrictEqual(hub.said.filter(isReceipt), []);
  deepStrictEqual(receiptsOf(ada), [{ delivered: 0, shown: 0, of: 1 }]);
});

Deno.test("a private room's receipts: what a relay replays, doubles, moves to another id or calls a message is told once, or refused", async () => {
  const { hub: made, ada, bob } = await adaAndBob();
  using hub = made;
  await ask(hub, ada, "one");
  await bob.hears("one");
  await hub.goOn(15_000);
  const [receipt] = hub.said.filter(isReceipt) as [RawObject];
  hub.tells = (raw, to) => to === bob.id ? [] : [raw];
  const second = await ask(hub, ada, "two");
  const forged = ada.session.status().forged;
  const send = (raw: RawObject, id: string, text = textOf(raw)) =>
    hub.say(bob.identity, { room: String(raw.room), id, text });
  hub.give(receipt, ada.id);
  send(receipt, "moved");
  send(receipt, "called", textOf(receipt).replace("1.g.", "1.m."));
  const message = hub.said.filter(isKind("m")).at(-1) as RawObject;
  send(message, second, textOf(message).replace("1.m.", "1.g."));
  await hub.goOn(1_000);
  deepStrictEqual(receiptsOf(ada, 2), [
    { delivered: 0, shown: 0, of: 1 },
    { delivered: 1, shown: 0, of: 1 },
  ]);
  strictEqual(ada.session.status().forged, forged + 3);
  deepStrictEqual(await ada.texts(VAULT), ["two", "one"].toReversed());
});

Deno.test("a private room's receipts: one who was away tells when it is back, and who asked hears it when that is back", async () => {
  const { hub: made, ada, bob } = await adaAndBob();
  using hub = made;
  bob.close();
  await ask(hub, ada, "are you there?");
  ada.close();
  bob.open();
  await bob.hears("are you there?");
  await readAll(bob);
  await hub.goOn(15_000);
  ada.open();
  await hub.goOn(5_000);
  const [receipts] = receiptsOf(ada);
  deepStrictEqual([receipts?.delivered, receipts?.shown], [1, 1]);
});

Deno.test("a private room of 16 with receipts and 60 messages a minute: each reader tells once in ten seconds, within what a relay takes; all is told in the end", async () => {
  using hub = new SealedHub();
  const all = await crowd(hub, 16);
  const [ada, ...others] = all;
  const from = hub.clock.wall();
  const [cara, dan] = [others[0]!, others[1]!];
  for (let second = 0; second < 30; second++) {
    const who = [ada, cara, dan][second % 3]!;
    await ask(hub, who, `word ${second}`);
    await hub.goOn(Math.max(0, from + (second + 1) * 1_000 - hub.clock.wall()));
    if (second % 5 === 0) await Promise.all(all.map(readAll));
  }
  const minutes = (hub.clock.wall() - from) / 60_000;
  for (const { id } of all) {
    const told = hub.said.filter((raw) => isReceipt(raw) && raw.from === id);
    ok(told.length <= 6 * minutes + 1, `${told.length} in ${minutes} minutes`);
  }
  const frames = hub.said.filter(isReceipt).length;
  ok(frames <= (6 * minutes + 1) * 16, `${frames}`);
  await Promise.all(all.map(readAll));
  await hub.goOn(30_000);
  const { sent } = ada.session.sent({ limit: 20 });
  for (const { receipts } of sent) {
    deepStrictEqual(receipts, { delivered: 15, shown: 15, of: 15 });
  }
});

Deno.test("a private room of 17: nobody asks, and nobody tells", async () => {
  using hub = new SealedHub();
  const [ada] = await crowd(hub, 17);
  const sent = await waitFor(
    hub,
    ada.session.send({ room: VAULT, text: "all", receipt: true }),
  );
  strictEqual(sent.receipt, false);
  await hub.goOn(20_000);
  deepStrictEqual(hub.said.filter(isReceipt), []);
  deepStrictEqual(receiptsOf(ada), [undefined]);
});
