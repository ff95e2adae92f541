import assert from "node:assert/strict";
import type { RawObject } from "../../../../lib/protocol/frames.ts";
import { SealedAgent, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";

/** By whatever way a relay has: what it keeps for one agent, or the room of the pair. */
const WAYS = { "direct": undefined, "a pair's room": [] } as const;

async function contacts(features?: readonly []) {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  await ada.session.pin({ agent: bob.id, name: "bob" });
  await bob.session.pin({ agent: ada.id, name: "ada" });
  const dm = async (text: string) =>
    (await waitFor(hub, ada.session.send({ room: "@bob", text }))).status;
  await dm("hello");
  await bob.hears("hello");
  return { hub, ada, bob, dm };
}

/** The relay keeps from Bob what comes while this is so. */
function withholds(hub: SealedHub, bob: SealedAgent) {
  const kept: RawObject[] = [];
  const state = { on: false, kept };
  hub.tells = (raw, to) => {
    if (!state.on || to !== bob.id) return [raw];
    kept.push(raw);
    return [];
  };
  hub.shows = (raw) => !kept.includes(raw);
  return state;
}

for (const [way, features] of Object.entries(WAYS)) {
  Deno.test(`TalkHearing, ${way}: what a relay keeps back is told as a gap 30 s after a later message shows it`, async () => {
    const { hub, bob, dm } = await contacts(features);
    using _ = hub;
    const relay = withholds(hub, bob);
    relay.on = true;
    await dm("two");
    await dm("three");
    relay.on = false;
    await dm("four");
    await bob.hears("four");
    assert.deepEqual(await bob.gaps("@ada"), []);
    await hub.goOn(31_000);
    assert.deepEqual(await bob.gaps("@ada"), [2]);
  });

  Deno.test(`TalkHearing, ${way}: what comes late within its time is no gap`, async () => {
    const { hub, bob, dm } = await contacts(features);
    using _ = hub;
    const relay = withholds(hub, bob);
    relay.on = true;
    await dm("two");
    relay.on = false;
    await dm("three");
    await bob.hears("three");
    const [two] = relay.kept;
    if (features === undefined) hub.inboxes.again(two!, bob.id);
    else hub.give(two!, bob.id);
    await bob.hears("two");
    await hub.goOn(31_000);
    assert.deepEqual(await bob.gaps("@ada"), []);
  });

  Deno.test(`TalkHearing, ${way}: the end of what an earlier start said is told by the first word of the next`, async () => {
    const { hub, ada, bob, dm } = await contacts(features);
    using _ = hub;
    const relay = withholds(hub, bob);
    relay.on = true;
    await dm("two");
    await dm("three");
    relay.on = false;
    await ada.restart();
    await hub.goOn(11_000);
    await dm("four");
    await bob.hears("four");
    await hub.goOn(31_000);
    assert.deepEqual(await bob.gaps("@ada"), [2]);
  });

  Deno.test(`TalkHearing, ${way}: starts of both, one after the other, miss nothing where nothing is missing`, async () => {
    const { hub, ada, bob, dm } = await contacts(features);
    using _ = hub;
    for (const text of ["a", "b", "c"]) {
      await ada.restart();
      await hub.goOn(11_000);
      await dm(text);
      await bob.hears(text);
      await bob.restart();
      await hub.goOn(11_000);
    }
    await hub.goOn(31_000);
    assert.deepEqual(await bob.gaps("@ada"), []);
    assert.deepEqual(await bob.texts("@ada"), ["hello", "a", "b", "c"]);
  });

  Deno.test(`TalkHearing, ${way}: a hole that showed before a restart is told after it`, async () => {
    const { hub, bob, dm } = await contacts(features);
    using _ = hub;
    const relay = withholds(hub, bob);
    relay.on = true;
    await dm("two");
    relay.on = false;
    await dm("three");
    await bob.hears("three");
    await bob.restart();
    await hub.goOn(40_000);
    assert.deepEqual(await bob.gaps("@ada"), [1]);
  });
}

Deno.test("TalkHearing: what a stranger said before it was accepted is no gap, what is kept back after it is", async () => {
  const hub = new SealedHub();
  using _ = hub;
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const dm = (text: string) =>
    waitFor(hub, ada.session.send({ room: `@${bob.id}`, text }));
  await dm("one");
  await dm("two");
  await hub.until(() => bob.session.requests().requests.length > 0);
  await bob.session.accept({ agent: ada.id });
  await dm("three");
  await bob.hears("three");
  await hub.goOn(40_000);
  const [talk] = await bob.all();
  // The second one had no place beside the first.
  assert.deepEqual(await bob.gaps(talk!.room), [1]);
  assert.deepEqual(await bob.texts(talk!.room), ["one", "three"]);
});

Deno.test("TalkHearing: what the other had of us is no number of his", async () => {
  const { hub, ada, bob, dm } = await contacts();
  using _ = hub;
  for (const text of ["one", "two", "three"]) {
    await waitFor(hub, bob.session.send({ room: "@ada", text }));
    await ada.hears(text);
  }
  await dm("all of it");
  await bob.hears("all of it");
  await hub.goOn(70_000);
  assert.deepEqual(await bob.gaps("@ada"), []);
  assert.deepEqual(await ada.gaps("@bob"), []);
});
