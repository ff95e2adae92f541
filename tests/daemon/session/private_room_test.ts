import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { agent } from "../../fakes/agents.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";

const VAULT = { room: "vault" };

Deno.test("a private room: what members say is in each one's mailbox, marked, and no frame or room name holds a word of it", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const wire = await vaultOf(hub, [ada, bob]);
  strictEqual(
    await waitFor(hub, ada.say("vault", "secretword one")),
    "accepted",
  );
  await bob.hears("secretword one");
  await waitFor(hub, bob.say("vault", "secretword two"));
  await ada.hears("secretword two");
  const told = await bob.all("vault");
  deepStrictEqual(told.map(({ room, private: is }) => [room, is]), [
    ["vault", true],
    ["vault", true],
  ]);
  await hub.goOn(10_000);
  const all = JSON.stringify([...hub.rooms.keys(), hub.said, hub.marks]);
  strictEqual(/secretword|vault/.test(all), false);
  strictEqual(/^p-[0-9a-f]{32}$/.test(wire), true);
  const { rooms } = await ada.session.rooms({});
  deepStrictEqual(rooms.map(({ name, private: is }) => [name, is]), [
    ["vault", true],
  ]);
});

Deno.test("a removed member reads nothing that is said afterwards, and is refused", async () => {
  using hub = new SealedHub();
  const [ada, bob, eve] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "eve" }),
  ];
  await vaultOf(hub, [ada, bob, eve]);
  const { members } = await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: eve.id, change: "remove" }),
  );
  strictEqual(members, 2);
  await waitFor(hub, ada.say("vault", "without eve"));
  await bob.hears("without eve");
  await hub.goOn(5_000);
  strictEqual((await eve.texts()).includes("without eve"), false);
  await rejects(waitFor(hub, eve.say("vault", "let me in")), {
    code: "NOT_A_MEMBER",
  });
  const { messages } = await waitFor(
    hub,
    eve.session.history({ ...VAULT, limit: 50 }),
  );
  strictEqual(messages.some(({ text }) => text === "without eve"), false);
});

Deno.test("a removed member is not let in again by an invitation that is open, whoever made it", async () => {
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
  const open = { ...VAULT, for_ms: 3_600_000, uses: 5 };
  const { invite: adas } = await waitFor(hub, ada.session.invite(open));
  const { invite: bobs } = await waitFor(hub, bob.session.invite(open));
  await hub.goOn(5_000);
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "remove" }),
  );
  for (const [who, invite] of [[bob, adas], [cal, bobs]] as const) {
    const joining = waitFor(hub, who.session.join_private({ invite }));
    // Bob invited cal, and is none any more who could tell him anything.
    if (who === cal) strictEqual((await joining).status, "asked");
    else await rejects(joining, { code: "INVITE_REFUSED" });
    await hub.goOn(15_000);
    const { members } = await waitFor(hub, ada.session.members(VAULT));
    deepStrictEqual(members.map(({ id }) => id), [ada.id]);
  }
});

Deno.test("who waits with an invitation that is used up takes none of the room's records for forged", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const carl = await SealedAgent.make(hub, { number: 3, name: "carl" });
  await vaultOf(hub, [ada]);
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000, uses: 1 }),
  );
  await waitFor(hub, bob.session.join_private({ invite }));
  await rejects(waitFor(hub, carl.session.join_private({ invite })), {
    code: "INVITE_REFUSED",
  });
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "admin" }),
  );
  await waitFor(
    hub,
    bob.session.member({ ...VAULT, agent: agent(9).id, change: "add" }),
  );
  await hub.goOn(10_000);
  deepStrictEqual(carl.session.status().forged, 0);
});

Deno.test("invitations: uses and term are counted by the admin's daemon, and a copied request lets nobody in", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const eve = await SealedAgent.make(hub, { number: 3, name: "eve" });
  await vaultOf(hub, [ada]);
  const invite = async (for_ms: number) =>
    (await waitFor(hub, ada.session.invite({ ...VAULT, for_ms }))).invite;
  const once = await invite(3_600_000);
  const first = await waitFor(hub, bob.session.join_private({ invite: once }));
  strictEqual(first.status, "joined");
  deepStrictEqual(first.admin, {
    ...{ id: ada.id, name: ada.id.slice(0, 4), connected: true },
  });
  await rejects(waitFor(hub, eve.session.join_private({ invite: once })), {
    code: "INVITE_REFUSED",
  });
  // Somebody else's request, said again by eve.
  const join = hub.said.find(({ from, content }) =>
    from === bob.id && /\.j\./.test(JSON.stringify(content))
  )!;
  const { text } = join.content as { text: string };
  hub.say(eve.identity, { room: String(join.room), id: "copied", text });
  await hub.goOn(8_000);
  const there = await waitFor(hub, ada.session.members(VAULT));
  deepStrictEqual(there.members.map(({ id }) => id), [ada.id, bob.id]);
  // A message of one who is not let in is kept, and never plain.
  strictEqual(await waitFor(hub, eve.say("vault", "early")), "queued");
  const short = await invite(60_000);
  hub.clock.jumpWall(61_000);
  await rejects(waitFor(hub, eve.session.join_private({ invite: short })), {
    code: "INVITE_EXPIRED",
  });
});

Deno.test("an admin who was away lets in who asked meanwhile, over history and REST alike", async () => {
  for (const features of [undefined, []] as const) {
    using hub = new SealedHub(features);
    const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
    const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
    await vaultOf(hub, [ada]);
    const { invite } = await waitFor(
      hub,
      ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
    );
    ada.close();
    const asked = await waitFor(hub, bob.session.join_private({ invite }));
    strictEqual(asked.status, "asked");
    strictEqual(asked.admin.connected, false);
    strictEqual(await waitFor(hub, bob.say("vault", "I am early")), "queued");
    ada.open();
    await ada.hears("I am early");
  }
});

Deno.test("two admins at once: their branches are merged, and all come to the same members", async () => {
  using hub = new SealedHub();
  const [ada, bob, cal, dan, eve] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "cal" }),
    await SealedAgent.make(hub, { number: 4, name: "dan" }),
    await SealedAgent.make(hub, { number: 5, name: "eve" }),
  ];
  await vaultOf(hub, [ada, bob, cal]);
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "admin" }),
  );
  await hub.goOn(3_000);
  // Neither hears of what the other does.
  const kept: [Record<string, unknown>, string][] = [];
  hub.tells = (raw, to) => {
    kept.push([raw, to]);
    return [];
  };
  const change = (who: typeof ada, agent: string, change: "add" | "remove") =>
    waitFor(hub, who.session.member({ ...VAULT, agent, change }));
  await change(ada, dan.id, "add");
  await change(bob, eve.id, "add");
  await change(bob, cal.id, "remove");
  hub.tells = (raw) => [raw];
  for (const [raw, to] of kept) hub.give(raw, to);
  const ids = async (who: typeof ada) =>
    (await waitFor(hub, who.session.members(VAULT))).members
      .map(({ id }) => id).sort();
  const wanted = [ada.id, bob.id, dan.id, eve.id].sort();
  await hub.until(
    async () =>
      JSON.stringify(await ids(ada)) === JSON.stringify(wanted) &&
      JSON.stringify(await ids(bob)) === JSON.stringify(wanted),
    "both have all",
  );
  await waitFor(hub, ada.say("vault", "merged"));
  await bob.hears("merged");
  strictEqual((await cal.texts()).includes("merged"), false);
});

Deno.test("a removed admin's later change is nobody's; none removes an admin above", async () => {
  using hub = new SealedHub();
  const [ada, bob, eve] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "eve" }),
  ];
  await vaultOf(hub, [ada, bob]);
  const member = (
    who: typeof ada,
    agent: string,
    change: "add" | "remove" | "admin",
  ) => waitFor(hub, who.session.member({ ...VAULT, agent, change }));
  await rejects(member(bob, eve.id, "add"), { code: "NOT_ADMIN" });
  await member(ada, bob.id, "admin");
  await hub.goOn(3_000);
  await rejects(member(bob, ada.id, "remove"), { code: "NOT_ADMIN" });
  // Bob does not hear that he is removed, and adds eve.
  hub.tells = (raw, to) => to === bob.id ? [] : [raw];
  hub.shows = (_, to) => to !== bob.id;
  await member(ada, bob.id, "remove");
  await member(bob, eve.id, "add");
  hub.tells = (raw) => [raw];
  await hub.goOn(20_000);
  const there = await waitFor(hub, ada.session.members(VAULT));
  deepStrictEqual(there.members.map(({ id }) => id), [ada.id]);
  await waitFor(hub, bob.say("vault", "I am still here"));
  await hub.goOn(3_000);
  strictEqual((await ada.texts()).includes("I am still here"), false);
  strictEqual(ada.session.status().forged > 0, true);
});
