import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { roomName } from "../../fakes/plain.ts";
import { waitFor } from "../../fakes/sealed_agent.ts";
import { adaAndBob, isKind, say, textOf } from "../../fakes/sealed_scene.ts";

/** Bob left, and Ada, who was away, has not heard of it. */
async function leftUnheard() {
  const { hub, ada, bob, wire } = await adaAndBob();
  await say(hub, bob, "here");
  await ada.hears("here");
  const inviting = ada.session.invite({ room: "vault", for_ms: 3_600_000 });
  const { invite } = await waitFor(hub, inviting);
  hub.tells = (raw, to) => to === ada.id ? [] : [raw];
  ada.close();
  await waitFor(hub, bob.session.leave({ room: "vault" }));
  await hub.goOn(2_000);
  const asked = () =>
    hub.said.filter((raw) => isKind("j")(raw) && raw.from === bob.id).length;
  /** Ada comes, and hears all that was said meanwhile. @returns who is a member for her then */
  const membersForAda = async () => {
    hub.tells = (raw) => [raw];
    ada.open();
    await hub.until(() => ada.session.status().connected);
    await hub.goOn(15_000);
    const view = await waitFor(hub, ada.session.members({ room: "vault" }));
    return view.members.map(({ id }) => id).toSorted();
  };
  return { hub, ada, bob, wire, invite, asked, membersForAda };
}

for (const end of ["the line is cut", "the daemon is killed"]) {
  Deno.test(`recover: its word that this agent stays is said at the next connection where ${end} before the relay has it`, async () => {
    const { hub: made, ada, bob, wire, asked, membersForAda } =
      await leftUnheard();
    using hub = made;
    hub.isLost = isKind("j");
    const before = asked();
    const { rooms } = await waitFor(hub, bob.session.recover({ wire }));
    strictEqual(rooms[0]?.status, "recovered");
    strictEqual(asked(), before);
    if (end === "the line is cut") bob.cut();
    hub.isLost = () => false;
    if (end !== "the line is cut") await bob.restart();
    await hub.until(() => asked() > before, "it is said");
    await hub.goOn(20_000);
    strictEqual(asked(), before + 1, "once the relay has it, no more");
    const all = [ada.id, bob.id].toSorted();
    deepStrictEqual(await membersForAda(), all);
    await say(hub, ada, "welcome back");
    await bob.hears("welcome back");
  });
}

Deno.test("join: a member whose request the relay never had says that he stays, though a record of his room came meanwhile", async () => {
  const { hub: made, ada, bob, wire, invite, asked, membersForAda } =
    await leftUnheard();
  using hub = made;
  const [record] = hub.said.filter(isKind("e")).toReversed();
  hub.isLost = isKind("j");
  const before = asked();
  const joining = bob.session.join_private({ invite });
  await hub.goOn(1_000);
  const text = textOf(record!);
  hub.say(ada.identity, { room: roomName(wire), id: "again", text });
  strictEqual((await waitFor(hub, joining)).status, "joined");
  strictEqual(asked(), before);
  bob.cut();
  hub.isLost = () => false;
  await hub.until(() => asked() > before, "it is said");
  deepStrictEqual(await membersForAda(), [ada.id, bob.id].toSorted());
});
