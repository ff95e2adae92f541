import assert from "node:assert/strict";
import { SealedAgent, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";

const TALK = "@bob";

async function talkers(features?: readonly []) {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  await ada.session.pin({ agent: bob.id, name: "bob" });
  await bob.session.pin({ agent: ada.id, name: "ada" });
  const dm = (who: SealedAgent, room: string, text: string) =>
    waitFor(hub, who.session.send({ room: room, text }));
  return { hub, ada, bob, dm };
}

const textsOf = ({ messages }: { messages: readonly { text: string }[] }) =>
  messages.map(({ text }) => text);

Deno.test("TalkViews history: both sides' words, the newest so many, those passed over and those before a time", async () => {
  const { hub, ada, bob, dm } = await talkers();
  using _ = hub;
  const all = ["one", "two", "three", "four", "five"];
  for (const [n, text] of all.entries()) {
    if (n % 2 === 0) await dm(ada, "@bob", text);
    else await dm(bob, "@ada", text);
    await (n % 2 === 0 ? bob : ada).hears(text);
    hub.clock.jumpWall(1_000);
  }
  const look = (query: { limit: number; skip?: number; before?: number }) =>
    waitFor(hub, ada.session.history({ room: TALK, ...query }));
  const whole = await look({ limit: 50 });
  assert.deepEqual([textsOf(whole), whole.has_more], [all, false]);
  assert.deepEqual(
    whole.messages.map(({ you = false }) => you),
    [true, false, true, false, true],
  );
  const newest = await look({ limit: 2 });
  assert.deepEqual([textsOf(newest), newest.has_more], [
    ...[["four", "five"], true],
  ]);
  assert.deepEqual(textsOf(await look({ limit: 2, skip: 3 })), ["one", "two"]);
  assert.deepEqual(textsOf(await look({ limit: 2, skip: 9 })), []);
  const before = whole.messages[2]!.timestamp;
  assert.deepEqual(textsOf(await look({ limit: 9, before })), ["one", "two"]);
  await assert.rejects(
    waitFor(hub, ada.session.history({ room: TALK, limit: 1, before_seq: 3 })),
    { code: "USAGE" },
  );
});

Deno.test("TalkViews: a talk is found by the other's key, its start and its name; one that was never begun is told", async () => {
  const { hub, ada, bob, dm } = await talkers();
  using _ = hub;
  await dm(ada, "@bob", "one");
  for (const word of [bob.id, bob.id.slice(0, 8), "bob"]) {
    const room = `@${word}`;
    const view = await waitFor(hub, ada.session.members({ room }));
    assert.deepEqual([view.name, view.members.map(({ id }) => id)], [
      ...["@bob", [ada.id, bob.id]],
    ]);
    const page = await waitFor(hub, ada.session.history({ room, limit: 9 }));
    assert.deepEqual(textsOf(page), ["one"]);
  }
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  for (const room of [`@${cal.id}`, "@nobody-here"]) {
    for (
      const asked of [
        () => ada.session.members({ room }),
        () => ada.session.history({ room, limit: 1 }),
      ]
    ) await assert.rejects(async () => await asked(), { code: "NOT_FOUND" });
  }
  await assert.rejects(
    async () => await ada.session.members({ room: "@zed" }),
    {
      ...{ code: "USAGE", message: "'zed' is no key, and no name known here" },
    },
  );
});

Deno.test("a talk's digest is of the mailbox, and no relay is asked for a message of it", async () => {
  const { hub, ada, bob, dm } = await talkers();
  using _ = hub;
  await dm(ada, "@bob", "one");
  await dm(bob, "@ada", "two");
  await ada.hears("two");
  const { session } = ada;
  const digest = await waitFor(hub, session.digest({ room: TALK, history: 9 }));
  assert.equal(digest.count, 2);
  await assert.rejects(
    async () => await session.message({ id: "no-such-id", room: TALK }),
  );
});

Deno.test("TalkViews list: unread and waiting first, and whether the other is there where that counts", async () => {
  const { hub, ada, bob, dm } = await talkers([]);
  using _ = hub;
  await dm(ada, "@bob", "one");
  assert.deepEqual(ada.session.status().talks, [
    { room: "@bob", agent: bob.id, unread: 0, waiting: 1, here: false },
  ]);
  await bob.hears("one");
  assert.deepEqual(bob.session.status().talks, [
    { room: "@ada", agent: ada.id, unread: 1, waiting: 0, here: true },
  ]);
  assert.deepEqual(ada.session.status().talks?.[0]?.waiting, 0);
  assert.deepEqual(
    (await waitFor(hub, ada.session.members({ room: TALK }))).members
      .map(({ connected }) => connected),
    [undefined, true],
  );
});

Deno.test("TalkViews list: nothing of a relay that keeps what is said says that the other is there", async () => {
  const { hub, ada, bob, dm } = await talkers();
  using _ = hub;
  assert.equal(ada.session.status().talks, undefined);
  await dm(ada, "@bob", "one");
  await bob.hears("one");
  assert.deepEqual(bob.session.status().talks, [
    { room: "@ada", agent: ada.id, unread: 1, waiting: 0 },
  ]);
});

Deno.test("a talk is no room to make, join, leave or invite to, and says what to do", async () => {
  const { hub, ada, dm } = await talkers();
  using _ = hub;
  await dm(ada, "@bob", "one");
  const { session } = ada;
  for (
    const asked of [
      () => session.create({ room: TALK }),
      () => session.create({ room: TALK, private: true }),
      () => session.join({ room: TALK }),
      () => session.leave({ room: TALK }),
    ]
  ) {
    await assert.rejects(async () => await asked(), {
      ...{ code: "USAGE", message: /talk with one agent/ },
    });
  }
  await assert.rejects(
    async () => await session.invite({ room: TALK, for_ms: 60_000 }),
  );
  assert.deepEqual([...hub.rooms.keys()], []);
});
