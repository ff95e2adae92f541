import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { waitFor } from "../../fakes/sealed_agent.ts";
import { adaAndBob, isKind, say } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

Deno.test("a removed member asks for no key, says that it was removed, and reads what was kept once it is let in again", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  const vault = () => bob.session.status().rooms[0];
  const kept = async () => {
    const { signal } = new AbortController();
    return (await bob.session.messages({ ...VAULT }, signal))
      .sealed;
  };
  const questions = () =>
    hub.said.filter((raw) => isKind("q")(raw) && raw.from === bob.id).length;
  strictEqual(vault()?.removed, undefined);
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "remove" }),
  );
  await hub.goOn(3_000);
  const before = questions();
  // Under a key whose record he has, and under one that he is not given.
  await say(hub, ada, "one");
  hub.tells = (raw, to) => to === bob.id && isKind("e")(raw) ? [] : [raw];
  hub.shows = (raw, to) => to !== bob.id || !isKind("e")(raw);
  const open = { ...VAULT, for_ms: 3_600_000 };
  const { invite } = await waitFor(hub, ada.session.invite(open));
  await say(hub, ada, "two");
  await hub.goOn(200_000);
  strictEqual(questions(), before);
  strictEqual(vault()?.removed, true);
  strictEqual(vault()?.sealed, 2);
  const [told] = await kept() ?? [];
  deepStrictEqual([told?.room, told?.count, told?.removed], ["vault", 2, true]);
  await bob.restart();
  strictEqual(questions(), before);
  await hub.until(() => vault()?.removed === true, "it is known again");
  hub.tells = (raw) => [raw];
  hub.shows = () => true;
  const { status } = await waitFor(hub, bob.session.join_private({ invite }));
  strictEqual(status, "joined");
  await bob.hears("one");
  await bob.hears("two");
  strictEqual(vault()?.removed, undefined);
  strictEqual(vault()?.sealed, undefined);
});

Deno.test("messages of which a removed member has no key are given up after 7 days, and it is said why: not as what the relay could not give", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  const page = () => {
    const { signal } = new AbortController();
    return bob.session.messages({ ...VAULT }, signal);
  };
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "remove" }),
  );
  await hub.goOn(3_000);
  await say(hub, ada, "one");
  await say(hub, ada, "two");
  await hub.until(() => bob.session.status().rooms[0]?.sealed === 2);
  hub.clock.jumpWall(8 * 24 * 3_600_000);
  await say(hub, ada, "three");
  await hub.until(async () => (await page()).gaps.length > 0, "a gap");
  const { gaps, sealed, messages } = await page();
  deepStrictEqual(messages, []);
  deepStrictEqual(gaps, [
    { ...VAULT, count: 2, after: 0, before: 0, removed: true },
  ]);
  deepStrictEqual(sealed?.map(({ count, removed }) => [count, removed]), [
    [1, true],
  ]);
  strictEqual(bob.session.status().rooms[0]?.removed, true);
  // Who is let in again has them no more: that is no lie then either.
  const open = { ...VAULT, for_ms: 3_600_000 };
  const { invite } = await waitFor(hub, ada.session.invite(open));
  await waitFor(hub, bob.session.join_private({ invite }));
  await bob.hears("three");
  deepStrictEqual((await page()).gaps.map(({ removed }) => removed), [true]);
});
