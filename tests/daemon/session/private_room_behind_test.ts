import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { readSealed, writeSealed } from "../../../lib/sealed/sealed_text.ts";
import { agent } from "../../fakes/agents.ts";
import { SealedAgent, waitFor } from "../../fakes/sealed_agent.ts";
import type { SealedHub } from "../../fakes/sealed_hub.ts";
import { adaAndBob, isKind, say, textOf } from "../../fakes/sealed_scene.ts";
import { roomName } from "../../fakes/plain.ts";

const VAULT = { room: roomName("vault") };

const viewOf = async (hub: SealedHub, who: SealedAgent) =>
  (await waitFor(hub, who.session.members(VAULT))).private!;

const isBehind = (hub: SealedHub, who: SealedAgent) =>
  hub.until(
    async () => (await viewOf(hub, who)).behind,
    `${who.name} is behind`,
  );

/** Every record is kept from him. */
function withholdRecords(hub: SealedHub, from: SealedAgent): void {
  const isRecord = (raw: RawObject) => isKind("e")(raw) || isKind("r")(raw);
  hub.tells = (raw, to) => to === from.id && isRecord(raw) ? [] : [raw];
  hub.shows = (raw, to) => to !== from.id || !isRecord(raw);
}

const addEve = (hub: SealedHub, ada: SealedAgent) =>
  waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: agent(9).id, change: "add" }),
  );

const wordsOf = (hub: SealedHub, who: SealedAgent) =>
  hub.said.filter((raw) => raw.from === who.id && isKind("m")(raw));

Deno.test("behind: a record that is withheld keeps who is behind from the old key for as long, and who says by whom it was named", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  withholdRecords(hub, bob);
  await addEve(hub, ada);
  await say(hub, ada, "under the new key");
  await isBehind(hub, bob);
  const sent = await waitFor(
    hub,
    bob.session.send({ ...VAULT, text: "I wait" }),
  );
  deepStrictEqual([sent.status, sent.waits_for], ["queued", "key"]);
  await hub.goOn(15 * 60_000);
  const view = await viewOf(hub, bob);
  deepStrictEqual([view.behind, view.newer_named_by], [true, [ada.id]]);
  strictEqual(await say(hub, bob, "and wait"), "queued");
  deepStrictEqual(wordsOf(hub, bob), []);
  const { sent: [, first] } = bob.session.sent({ limit: 2 });
  strictEqual(first?.status, "failed");
  match(first.reason ?? "", /not sent within 600 s/);
});

Deno.test("behind: another start of the daemon does not forget it", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  withholdRecords(hub, bob);
  await addEve(hub, ada);
  await say(hub, ada, "under the new key");
  await isBehind(hub, bob);
  await bob.restart();
  await hub.until(() => bob.session.status().rooms[0]?.joined === true);
  strictEqual(await say(hub, bob, "I wait"), "queued");
  strictEqual((await viewOf(hub, bob)).behind, true);
  await hub.goOn(20_000);
  deepStrictEqual(wordsOf(hub, bob), []);
  hub.tells = (raw) => [raw];
  hub.shows = () => true;
  await hub.goOn(70_000);
  await ada.hears("I wait");
});

Deno.test("behind: who was away while the key was changed is it by what he finds in the past", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  await say(hub, bob, "good night");
  await ada.hears("good night");
  bob.close();
  await addEve(hub, ada);
  hub.clock.jumpWall(60_000);
  await say(hub, ada, "under the new key");
  withholdRecords(hub, bob);
  bob.open();
  await hub.until(() => bob.session.status().rooms[0]?.joined === true);
  await isBehind(hub, bob);
  strictEqual(await say(hub, bob, "I wait"), "queued");
  strictEqual(wordsOf(hub, bob).length, 1);
});

Deno.test("behind: a key that a member made up keeps all from speaking until an admin removes him, and nobody else can be", async () => {
  const { hub, ada, bob, wire } = await adaAndBob();
  using _ = hub;
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
  );
  await waitFor(hub, cal.session.join_private({ invite }));
  await say(hub, bob, "the last true word");
  await cal.hears("the last true word");
  const [word] = wordsOf(hub, bob);
  hub.say(bob.identity, { room: wire, id: "lie", text: underNoKey(word!) });
  await isBehind(hub, ada);
  await isBehind(hub, cal);
  deepStrictEqual((await viewOf(hub, cal)).newer_named_by, [bob.id]);
  strictEqual(await say(hub, cal, "I wait"), "queued");
  const remove = (id: string) =>
    waitFor(
      hub,
      ada.session.member({ ...VAULT, agent: id, change: "remove" }),
    );
  await rejects(remove(cal.id), /nothing can be sealed/);
  await remove(bob.id);
  strictEqual((await viewOf(hub, ada)).behind, false);
  strictEqual(await say(hub, ada, "we go on"), "accepted");
  await cal.hears("we go on");
  await ada.hears("I wait");
});

/** The message as if a key sealed it that nobody has. */
function underNoKey(raw: RawObject): string {
  const sealed = readSealed(textOf(raw));
  if (sealed.is !== "sealed") throw new Error("it is not sealed");
  return writeSealed("m", sealed.body.with(1, sealed.body[1]! ^ 1));
}

Deno.test("can't be opened: told beside the messages until it was shown, once, also after a start and another key", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  withholdRecords(hub, bob);
  await addEve(hub, ada);
  await say(hub, ada, "under the new key");
  await say(hub, ada, "and another");
  const page = async (query = {}) => {
    const { signal } = new AbortController();
    return await bob.session.messages(query, signal);
  };
  await hub.until(async () => (await page()).sealed?.[0]?.count === 2, "two");
  const { messages, sealed } = await page();
  deepStrictEqual([messages, sealed?.[0]?.room], [[], "vault"]);
  deepStrictEqual((await page({ room: "tea" })).sealed, undefined);
  strictEqual(bob.session.status().unread, 0);
  bob.session.read({ sealed: sealed! });
  deepStrictEqual((await page()).sealed, undefined);
  strictEqual(bob.session.status().rooms[0]?.sealed, 2);
  await say(hub, ada, "a third");
  await hub.until(async () => (await page()).sealed?.[0]?.count === 1, "one");
  bob.session.read({ sealed: (await page()).sealed! });
  await bob.restart();
  await hub.until(() => bob.session.status().rooms[0]?.joined === true);
  await hub.goOn(5_000);
  deepStrictEqual((await page()).sealed, undefined);
  hub.tells = (raw) => [raw];
  hub.shows = () => true;
  await hub.goOn(70_000);
  await bob.hears("a third");
  strictEqual(bob.session.status().rooms[0]?.sealed, undefined);
});
