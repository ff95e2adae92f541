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
