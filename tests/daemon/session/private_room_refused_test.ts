import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { ConnectOptions } from "../../../lib/client/connection_types.ts";
import { readInvite } from "../../../lib/invites/read_invite.ts";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { joinBytes, writeJoin } from "../../../lib/sealed/join_request.ts";
import { privateWire, writeSealed } from "../../../lib/sealed/sealed_text.ts";
import { agent } from "../../fakes/agents.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { isKind, say, textOf } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

async function three(features?: []) {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  const wire = await vaultOf(hub, [ada]);
  return { hub, ada, bob, cal, wire };
}

const inviteOf = async (who: SealedAgent, uses = 1, for_ms = 3_600_000) => {
  const wanted = { ...VAULT, for_ms, uses };
  return (await waitFor(who.hub, who.session.invite(wanted))).invite;
};

const join = (who: SealedAgent, invite: string) =>
  waitFor(who.hub, who.session.join_private({ invite }));

const refusalOf = async (who: SealedAgent) =>
  (await waitFor(who.hub, who.session.members(VAULT))).private?.refused;

/** The hub's frames of one kind. */
const said = (hub: SealedHub, kind: string) => hub.said.filter(isKind(kind));

/** Who is at the hub and hears nothing. */
const DEAF: ConnectOptions["events"] = {
  push: () => undefined,
  dropped: () => undefined,
  pong: () => undefined,
  ended: () => undefined,
};

/** Requests of agents who have the invitation's secret, or say so. */
async function ask(
  hub: SealedHub,
  invite: string,
  { wire, numbers, seed, away }: {
    readonly wire: string;
    readonly numbers: readonly number[];
    readonly seed?: Uint8Array;
    /** They are not there to hear the answer. */
    readonly away?: true;
  },
) {
  const { sealed } = readInvite(invite, hub.clock.wall());
  const { root, seed: real } = sealed!;
  const invitation = await Identity.fromSeed(seed ?? real);
  const room = privateWire(Uint8Array.fromHex(wire.slice(2)));
  const at = hub.clock.wall();
  for (const number of numbers) {
    const joiner = agent(number);
    if (!away) await hub.connection(joiner, DEAF).join(room);
    const place = { room, joiner: joiner.id, root };
    const signature = await invitation.sign(joinBytes(place, at));
    const body = writeJoin({ pub: invitation.id, at, signature });
    const text = writeSealed("j", body);
    hub.say(joiner, { room: wire, id: `j${number}-${at}`, text });
  }
}

for (const [relay, features] of [["ours", undefined], ["Go's", []]] as const) {
  Deno.test(`refused, a relay as ${relay}: who asks by an invitation that is used up is told so, and where he looks`, async () => {
    const { hub, ada, bob, cal } = await three(features as []);
    using _ = hub;
    const invite = await inviteOf(ada);
    await join(bob, invite);
    await rejects(join(cal, invite), {
      ...{ code: "INVITE_REFUSED", exitCode: 4 },
      message:
        "who invited lets nobody into #vault by this invitation: it was used as often as it may be",
    });
    strictEqual(await refusalOf(cal), "used_up");
    strictEqual(cal.session.status().rooms[0]?.refused, "used_up");
    strictEqual(await refusalOf(bob), undefined);
    strictEqual(bob.session.status().rooms[0]?.refused, undefined);
    // Asked no more by itself, however long; anew where a person does.
    const asked = said(hub, "j").length;
    await hub.goOn(1_500_000);
    strictEqual(said(hub, "j").length, asked);
    await rejects(join(cal, invite), { code: "INVITE_REFUSED" });
    strictEqual(said(hub, "j").length, asked + 1);
    // And another invitation lets in.
    strictEqual((await join(cal, await inviteOf(ada))).status, "joined");
    strictEqual(await refusalOf(cal), undefined);
    await say(hub, ada, "welcome");
    await cal.hears("welcome");
  });
}

Deno.test("refused: an invitation that a removal ended, and one whose term is over by the clock of who invited", async () => {
  const { hub, ada, bob, cal } = await three();
  using _ = hub;
  const many = await inviteOf(ada, 5);
  await join(bob, many);
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "remove" }),
  );
  await hub.goOn(3_000);
  for (const who of [bob, cal]) {
    await rejects(join(who, many), {
      message: /ended when somebody was removed/,
    });
  }
  const short = await inviteOf(ada, 1, 60_000);
  ada.close();
  strictEqual((await join(cal, short)).status, "asked");
  strictEqual(await refusalOf(cal), undefined);
  hub.clock.jumpWall(61_000);
  ada.open();
  await hub.until(async () => await refusalOf(cal) === "expired", "a refusal");
});

Deno.test("refused: believed of nobody but who invited, for the last request alone; a relay makes none", async () => {
  const { hub, ada, bob, cal, wire } = await three();
  using _ = hub;
  const once = await inviteOf(ada);
  await join(bob, once);
  const isKept = (raw: RawObject, to: string) =>
    to === cal.id && raw === said(hub, "n")[0];
  hub.shows = (raw, to) => !isKept(raw, to);
  hub.tells = (raw, to) => isKept(raw, to) ? [] : [raw];
  strictEqual((await join(cal, once)).status, "asked");
  const old = textOf(said(hub, "n").at(-1)!);
  const next = await inviteOf(ada);
  // Ada does not hear him: what was said before is no answer to this.
  hub.shows = (raw, to) =>
    !isKept(raw, to) && (to !== ada.id || !isKind("j")(raw));
  hub.tells = (raw, to) => hub.shows(raw, to) ? [raw] : [];
  const asking = cal.session.join_private({ invite: next });
  const asked = said(hub, "j").length;
  await hub.until(() => said(hub, "j").length > asked, "a request");
  hub.say(ada.identity, { room: wire, id: "again", text: old });
  hub.say(bob.identity, { room: wire, id: "bobs", text: old });
  hub.say(agent(9), { room: wire, id: "strangers", text: old });
  // Just as it was, to who has not had it yet.
  hub.give(said(hub, "n")[0]!, cal.id);
  strictEqual((await waitFor(hub, asking)).status, "asked");
  strictEqual(await refusalOf(cal), undefined);
});

Deno.test("refused: a stranger without the invitation's secret is answered nothing, and many who have it a bounded number of times", async () => {
  const { hub, ada, bob, cal, wire } = await three();
  using _ = hub;
  const invite = await inviteOf(ada);
  const open = await inviteOf(ada, 5);
  await join(bob, invite);
  const numbers = Array.from({ length: 40 }, (_, n) => 50 + n);
  const seed = new Uint8Array(32).fill(99);
  await ask(hub, invite, { wire, numbers, seed });
  await hub.goOn(20_000);
  deepStrictEqual(said(hub, "n"), []);
  await ask(hub, invite, { wire, numbers: [300], away: true });
  await hub.goOn(20_000);
  deepStrictEqual(said(hub, "n"), []);
  await ask(hub, invite, { wire, numbers });
  await hub.goOn(20_000);
  strictEqual(said(hub, "n").length, 6);
  await ask(hub, invite, { wire, numbers });
  await hub.goOn(20_000);
  strictEqual(said(hub, "n").length, 6);
  // And one alone no more than twice a minute.
  await hub.goOn(60_000);
  for (let n = 0; n < 4; n++) {
    await ask(hub, invite, { wire, numbers: [50] });
    await hub.goOn(5_000);
  }
  strictEqual(said(hub, "n").length, 8);
  strictEqual((await join(cal, open)).status, "joined");
});
