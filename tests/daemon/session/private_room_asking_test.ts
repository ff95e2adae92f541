import { strictEqual } from "node:assert/strict";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { isKind } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

/** Ada's vault, and Bob with an invitation to it. */
async function invited() {
  const hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  await vaultOf(hub, [ada]);
  const inviting = ada.session.invite({ ...VAULT, for_ms: 360_000_000 });
  const { invite } = await waitFor(hub, inviting);
  const requests = () => hub.said.filter(isKind("j")).length;
  const isIn = async () =>
    (await waitFor(hub, bob.session.members(VAULT))).private?.member;
  return { hub, ada, bob, invite, requests, isIn };
}

Deno.test("join: an admin's daemon that is killed before it lets him in has his request again within seconds, though nobody saw it go", async () => {
  const { hub: made, ada, bob, invite, requests, isIn } = await invited();
  using hub = made;
  const joining = bob.session.join_private({ invite });
  await hub.until(() => requests() === 1, "it is asked");
  // She has it, and gathers others for a second.
  await hub.goOn(500);
  await ada.restart();
  strictEqual((await waitFor(hub, joining)).status, "asked");
  await hub.goOn(12_000);
  strictEqual(await isIn(), true);
});

Deno.test("join: while nobody answers it is asked again after 15 s, and a minute later, and then seldom", async () => {
  const { hub: made, ada, bob, invite, requests } = await invited();
  using hub = made;
  hub.tells = (raw, to) => to === ada.id ? [] : [raw];
  hub.shows = (_, to) => to !== ada.id;
  await waitFor(hub, bob.session.join_private({ invite }));
  for (const [ms, count] of [[10_000, 2], [62_000, 3], [65_000, 3]] as const) {
    await hub.goOn(ms);
    strictEqual(requests(), count, `${ms}`);
  }
});
