import { strictEqual } from "node:assert/strict";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { isKind } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

Deno.test("the way up to the first record, where who invited is away: given several at a time, each once", async () => {
  using hub = new SealedHub();
  const [ada, bob, cal] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "cal" }),
  ];
  await vaultOf(hub, [ada, bob]);
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "admin" }),
  );
  let invite = "";
  for (let n = 0; n < 12; n++) {
    const open = { ...VAULT, for_ms: 3_600_000 };
    ({ invite } = await waitFor(hub, ada.session.invite(open)));
    await hub.goOn(10_000);
  }
  ada.close();
  // Nothing of the past is shown: all of it has to be asked for.
  hub.shows = (_, to) => to !== cal.id;
  const { status } = await waitFor(hub, cal.session.join_private({ invite }));
  strictEqual(status, "asked");
  const began = hub.clock.monotonic();
  const isIn = async () =>
    (await waitFor(hub, cal.session.members(VAULT))).private?.member === true;
  await hub.until(isIn, "cal is in");
  const tookMs = hub.clock.monotonic() - began;
  const given = hub.said.filter(isKind("r")).length;
  ada.open();
  strictEqual(tookMs < 30_000, true, `${tookMs} ms`);
  strictEqual(given <= 18, true, `${given} records`);
});
