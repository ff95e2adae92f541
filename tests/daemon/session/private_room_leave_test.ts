import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { SealedAgent, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { isKind, say, textOf } from "../../fakes/sealed_scene.ts";
import { vaultOf } from "../../fakes/sealed_agent.ts";

const VAULT = { room: "vault" };

async function three(features?: []) {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  const wire = await vaultOf(hub, [ada, bob, cal]);
  return { hub, ada, bob, cal, wire };
}

const viewOf = (hub: SealedHub, who: SealedAgent) =>
  waitFor(hub, who.session.members(VAULT));

const membersOf = async (hub: SealedHub, who: SealedAgent) =>
  (await viewOf(hub, who)).members.map(({ id }) => id).toSorted();

const leave = (hub: SealedHub, who: SealedAgent, force?: true) =>
  waitFor(hub, who.session.leave({ ...VAULT, ...(force ? { force } : {}) }));

const member = (
  hub: SealedHub,
  by: SealedAgent,
  agent: SealedAgent,
  change: "add" | "admin" | "remove",
) => waitFor(hub, by.session.member({ ...VAULT, agent: agent.id, change }));

for (const [relay, features] of [["ours", undefined], ["Go's", []]] as const) {
  Deno.test(`leave, a relay as ${relay}: an admin's daemon takes who left off the members, under a new key, and ends invitations`, async () => {
    const { hub, ada, bob, cal } = await three(features as [] | undefined);
    using _ = hub;
    await waitFor(
      hub,
      ada.session.invite({ ...VAULT, for_ms: 3_600_000, uses: 3 }),
    );
    const before = (await viewOf(hub, ada)).private!.epoch!;
    const left = await leave(hub, bob);
    strictEqual(left.still_member, undefined);
    const isOff = async () => !(await membersOf(hub, ada)).includes(bob.id);
    await hub.until(isOff, "bob is off");
    strictEqual((await viewOf(hub, ada)).private!.epoch, before + 1);
    await hub.goOn(3_000);
    deepStrictEqual(await membersOf(hub, cal), [ada.id, cal.id].toSorted());
    strictEqual(await say(hub, ada, "we go on"), "accepted");
    await cal.hears("we go on");
    strictEqual((await viewOf(hub, ada)).private!.epoch, before + 1);
  });
}

Deno.test("leave: an admin steps down, and another one takes him off", async () => {
  const { hub, ada, bob, cal } = await three();
  using _ = hub;
  await member(hub, ada, bob, "admin");
  await hub.goOn(2_000);
  const left = await leave(hub, ada);
  strictEqual(left.still_member, undefined);
  const isOff = async () => !(await membersOf(hub, bob)).includes(ada.id);
  await hub.until(isOff, "ada is off");
  await hub.goOn(3_000);
  deepStrictEqual(await membersOf(hub, cal), [bob.id, cal.id].toSorted());
  const admins = (await viewOf(hub, cal)).members.filter((one) => one.admin);
  deepStrictEqual(admins.map(({ id }) => id), [bob.id]);
  strictEqual(await say(hub, cal, "we go on"), "accepted");
  await bob.hears("we go on");
});

/** What becomes of two who leave at one moment: an error's code, or whether they are counted on. */
async function bothLeave(
  hub: SealedHub,
  both: readonly [SealedAgent, SealedAgent],
) {
  const ends = await waitFor(
    hub,
    Promise.allSettled(both.map((who) => who.session.leave(VAULT))),
  );
  return ends.map((end) =>
    end.status === "rejected" ? end.reason.code : end.value.still_member
  );
}

Deno.test("leave: of two admins who leave at one moment one is told that he is the last one, and takes the other off", async () => {
  const { hub, ada, bob, cal } = await three();
  using _ = hub;
  await member(hub, ada, bob, "admin");
  await hub.goOn(2_000);
  deepStrictEqual(await bothLeave(hub, [ada, bob]), [undefined, "LAST_ADMIN"]);
  const isOff = async () => !(await membersOf(hub, cal)).includes(ada.id);
  await hub.until(isOff, "ada is off");
  deepStrictEqual(await membersOf(hub, cal), [bob.id, cal.id].toSorted());
  await member(hub, bob, cal, "admin");
  await hub.goOn(2_000);
  strictEqual((await leave(hub, bob)).still_member, undefined);
  await hub.until(
    async () => !(await membersOf(hub, cal)).includes(bob.id),
    "bob is off",
  );
});

Deno.test("leave: two admins who leave at one moment are both taken off by a third", async () => {
  const { hub, ada, bob, cal } = await three();
  using _ = hub;
  await member(hub, ada, bob, "admin");
  await hub.goOn(2_000);
  await member(hub, ada, cal, "admin");
  await hub.goOn(2_000);
  deepStrictEqual(await bothLeave(hub, [ada, bob]), [undefined, undefined]);
  await hub.until(
    async () => (await membersOf(hub, cal)).length === 1,
    "both are off",
  );
});

Deno.test("leave: the only admin of others is told first, and may all the same; by himself he goes at once", async () => {
  const { hub, ada, bob, cal } = await three();
  using _ = hub;
  await rejects(leave(hub, ada), {
    code: "LAST_ADMIN",
    fix: /agentnet admin vault KEY; .*agentnet leave --force vault$/,
  });
  strictEqual(ada.session.status().rooms[0]?.joined, true);
  strictEqual(hub.said.some(isKind("l")), false);
  strictEqual((await leave(hub, ada, true)).still_member, true);
  strictEqual(await say(hub, bob, "alone"), "accepted");
  await cal.hears("alone");
  const own = await SealedAgent.make(hub, { number: 4, name: "own" });
  await vaultOf(hub, [own]);
  strictEqual((await leave(hub, own)).still_member, undefined);
});

Deno.test("leave: without a connection it is left, and said that the others count us on", async () => {
  const { hub, bob } = await three();
  using _ = hub;
  bob.open({ connect: () => Promise.reject(new Error("no relay")) });
  strictEqual((await leave(hub, bob)).still_member, true);
  deepStrictEqual(bob.session.status().rooms, []);
});

Deno.test("leave: said again after he was added again, by another, or unsigned, it takes nobody off", async () => {
  const { hub, ada, bob, cal, wire } = await three();
  using _ = hub;
  await leave(hub, bob);
  const isOff = async () => !(await membersOf(hub, ada)).includes(bob.id);
  await hub.until(isOff, "bob is off");
  const [word] = hub.said.filter(isKind("l"));
  const { invite } = await member(hub, ada, bob, "add");
  await waitFor(hub, bob.session.join_private({ invite: invite! }));
  const all = [ada.id, bob.id, cal.id].toSorted();
  deepStrictEqual(await membersOf(hub, ada), all);
  hub.give(word!, ada.id);
  // The same, with a signature of now.
  hub.say(bob.identity, { room: wire, id: "again", text: textOf(word!) });
  // What names today's epoch, in the name of another, whom nobody signed it for.
  await leave(hub, cal);
  const [, , own] = hub.said.filter(isKind("l"));
  const unsigned: RawObject = {
    ...{ ...own!, from: bob.id, id: "unsigned", signature: "", nonce: "" },
  };
  hub.give(unsigned, ada.id);
  hub.give({ ...own!, from: bob.id, id: "forged" }, ada.id);
  await hub.goOn(10_000);
  deepStrictEqual(await membersOf(hub, ada), [ada.id, bob.id].toSorted());
});

Deno.test("leave: an admin is taken off by no word of his own while he is one", async () => {
  const { hub, ada, bob, wire } = await three();
  using _ = hub;
  await member(hub, ada, bob, "admin");
  await hub.goOn(2_000);
  await leave(hub, bob);
  await hub.until(
    async () => !(await membersOf(hub, ada)).includes(bob.id),
    "bob is off",
  );
  const [word] = hub.said.filter(isKind("l"));
  hub.say(ada.identity, { room: wire, id: "mine", text: textOf(word!) });
  await hub.goOn(10_000);
  strictEqual((await membersOf(hub, ada)).includes(ada.id), true);
});

for (const order of ["in order", "with that word kept back"]) {
  Deno.test(`leave: who came back by an invitation before an admin's daemon heard that he left stays a member, ${order}`, async () => {
    const { hub, ada, bob, cal } = await three();
    using _ = hub;
    const { invite } = await waitFor(
      hub,
      ada.session.invite({ ...VAULT, for_ms: 3_600_000, uses: 3 }),
    );
    ada.close();
    strictEqual((await leave(hub, bob)).still_member, undefined);
    await hub.goOn(2_000);
    const { status } = await waitFor(hub, bob.session.join_private({ invite }));
    strictEqual(status, "asked");
    const [word] = hub.said.filter(isKind("l"));
    if (order !== "in order") hub.shows = (raw) => raw !== word;
    ada.open();
    await hub.until(() => ada.session.status().connected, "a connection");
    await hub.goOn(15_000);
    const all = [ada.id, bob.id, cal.id].toSorted();
    deepStrictEqual(await membersOf(hub, ada), all);
    strictEqual(await say(hub, ada, "welcome back"), "accepted");
    await bob.hears("welcome back");
    hub.give(word!, ada.id);
    await hub.goOn(5_000);
    deepStrictEqual(await membersOf(hub, ada), all);
    // And he may leave as ever.
    await leave(hub, bob);
    const isOff = async () => !(await membersOf(hub, ada)).includes(bob.id);
    await hub.until(isOff, "bob is off");
  });
}

for (const order of ["in order", "with that word kept back"]) {
  Deno.test(`leave: who came back by recover before an admin's daemon heard that he left stays a member, ${order}`, async () => {
    const { hub, ada, bob, cal, wire } = await three();
    using _ = hub;
    await say(hub, bob, "here");
    await ada.hears("here");
    ada.close();
    strictEqual((await leave(hub, bob)).still_member, undefined);
    await hub.goOn(2_000);
    const { rooms } = await waitFor(hub, bob.session.recover({ wire }));
    strictEqual(rooms[0]?.status, "recovered");
    const [word] = hub.said.filter(isKind("l"));
    if (order !== "in order") hub.shows = (raw) => raw !== word;
    ada.open();
    await hub.until(() => ada.session.status().connected, "a connection");
    await hub.goOn(15_000);
    hub.give(word!, ada.id);
    await hub.goOn(5_000);
    const all = [ada.id, bob.id, cal.id].toSorted();
    deepStrictEqual(await membersOf(hub, ada), all);
    strictEqual(await say(hub, ada, "welcome back"), "accepted");
    await bob.hears("welcome back");
    // And he may leave as ever.
    await leave(hub, bob);
    const isOff = async () => !(await membersOf(hub, ada)).includes(bob.id);
    await hub.until(isOff, "bob is off");
  });
}

Deno.test("leave: a request to be let in of before, which a relay shows again, keeps nobody in who left since", async () => {
  const { hub, ada, bob, cal } = await three();
  using _ = hub;
  await member(hub, ada, cal, "admin");
  await hub.goOn(2_000);
  const asked = hub.said.find((raw) => isKind("j")(raw) && raw.from === bob.id);
  hub.tells = (raw, to) => to === ada.id ? [] : [raw];
  await leave(hub, bob);
  hub.give(asked!, cal.id);
  await hub.goOn(8_000);
  strictEqual((await membersOf(hub, cal)).includes(bob.id), false);
});

Deno.test("leave: who was taken off and comes by recover is let in by nothing that he says", async () => {
  const { hub, ada, bob, wire } = await three();
  using _ = hub;
  await say(hub, bob, "here");
  await leave(hub, bob);
  const isOff = async () => !(await membersOf(hub, ada)).includes(bob.id);
  await hub.until(isOff, "bob is off");
  await waitFor(hub, bob.session.recover({ wire }));
  await hub.goOn(15_000);
  strictEqual(await isOff(), true);
  strictEqual(hub.said.filter(isKind("n")).length, 0);
});

Deno.test("leave: where the room was changed too often in this minute he is taken off after it", async () => {
  const { hub, ada, bob } = await three();
  using _ = hub;
  const invite = () =>
    waitFor(hub, ada.session.invite({ ...VAULT, for_ms: 3_600_000, uses: 1 }));
  await rejects(
    async () => {
      for (let n = 0; n < 20; n++) await invite();
    },
    { code: "RATE_LIMITED" },
  );
  await leave(hub, bob);
  const isOff = async () => !(await membersOf(hub, ada)).includes(bob.id);
  await hub.goOn(5_000);
  strictEqual(await isOff(), false);
  await hub.goOn(130_000);
  strictEqual(await isOff(), true);
});
