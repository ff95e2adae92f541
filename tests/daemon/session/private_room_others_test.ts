import { deepStrictEqual } from "node:assert/strict";
import { SealedAgent, waitFor } from "../../fakes/sealed_agent.ts";
import { adaAndBob, isKind } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

for (const features of [undefined, []] as const) {
  const relay = features === undefined ? "ours" : "a Go relay";
  Deno.test(`send: of those who are in a private room on ${relay} its members alone are others here, whatever the relay counts`, async () => {
    const { hub: made, ada, bob, wire } = await adaAndBob(
      features === undefined ? undefined : [],
    );
    using hub = made;
    const others = async () => {
      const sent = await waitFor(
        hub,
        ada.session.send({ ...VAULT, text: "so?" }),
      );
      return [sent.others, hub.rooms.get(wire)!.members.size - 1];
    };
    deepStrictEqual(await others(), [1, 1]);
    // Cara waits to be let in: nobody hears her ask.
    hub.tells = (raw) => isKind("j")(raw) ? [] : [raw];
    hub.shows = (raw) => !isKind("j")(raw);
    const cara = await SealedAgent.make(hub, { number: 3, name: "cara" });
    const inviting = ada.session.invite({ ...VAULT, for_ms: 3_600_000 });
    const { invite } = await waitFor(hub, inviting);
    await waitFor(hub, cara.session.join_private({ invite }));
    deepStrictEqual(await others(), [1, 2]);
    // A member who is away is not here, though he has the key.
    bob.close();
    ada.cut();
    await hub.until(() => ada.session.status().rooms[0]?.state === "joined");
    deepStrictEqual(await others(), [0, 1]);
    bob.open();
    await hub.until(() => hub.rooms.get(wire)!.members.has(bob.id));
    deepStrictEqual(await others(), [1, 2]);
    await waitFor(
      hub,
      ada.session.member({ ...VAULT, agent: bob.id, change: "remove" }),
    );
    deepStrictEqual(await others(), [0, 2]);
  });
}
