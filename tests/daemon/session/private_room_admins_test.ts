import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import type { NewEpoch } from "../../../lib/sealed/key_questions.ts";
import { adaAndBob, isKind } from "../../fakes/sealed_scene.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";

const VAULT = { room: "vault" };

Deno.test("an invitation for one, shown to two admins whom a relay keeps apart: one comes in, the other goes out again, and the admin is told", async () => {
  using hub = new SealedHub([]);
  const [ada, bob, cal, dan] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "cal" }),
    await SealedAgent.make(hub, { number: 4, name: "dan" }),
  ];
  await vaultOf(hub, [ada, bob]);
  const admin = { ...VAULT, agent: bob.id, change: "admin" } as const;
  await waitFor(hub, ada.session.member(admin));
  const open = { ...VAULT, for_ms: 3_600_000, uses: 1 };
  const { invite } = await waitFor(hub, ada.session.invite(open));
  // Meanwhile Bob's daemon gets the records from before him.
  await hub.goOn(20_000);
  // Ada hears of Cal alone, Bob of Dan alone, and neither of the other.
  const kept: [RawObject, string][] = [];
  hub.shows = (raw, to) =>
    [ada.id, cal.id].includes(String(raw.from)) ===
      [ada.id, cal.id].includes(to);
  hub.tells = (raw, to) => {
    if (hub.shows(raw, to)) return [raw];
    kept.push([raw, to]);
    return [];
  };
  for (const joiner of [cal, dan]) {
    await waitFor(hub, joiner.session.join_private({ invite }));
    // Who is let in by another than who invited asks for each record up to the first.
    await hub.goOn(30_000);
    const isIn = async () =>
      (await waitFor(hub, joiner.session.members(VAULT))).private?.member;
    await hub.until(async () => await isIn() === true, `${joiner.name} is in`);
  }
  hub.tells = (raw) => [raw];
  hub.shows = () => true;
  for (const [raw, to] of kept) hub.give(raw, to);
  const wanted = [ada.id, bob.id, cal.id].sort();
  const ids = async (who: SealedAgent) =>
    (await waitFor(hub, who.session.members(VAULT))).members
      .map(({ id }) => id).sort();
  for (const who of [ada, bob, cal]) {
    await hub.until(
      async () => JSON.stringify(await ids(who)) === JSON.stringify(wanted),
      `${who.name} has three`,
    );
  }
  const told = new RegExp(
    `#vault: ${dan.id} was let in by another admin and is out again`,
  );
  const warnings = () =>
    [ada, bob].flatMap(({ session }) => session.status().warnings);
  await hub.until(() => told.test(warnings().join()), "an admin is told");
  const merged = hub.said.findLast(isKind("e"));
  await hub.goOn(20_000);
  strictEqual(hub.said.findLast(isKind("e")), merged);
  deepStrictEqual(await ids(bob), wanted);
  await rejects(waitFor(hub, dan.say("vault", "I was in")), {
    code: "NOT_A_MEMBER",
  });
  await waitFor(hub, ada.say("vault", "without dan"));
  await cal.hears("without dan");
  strictEqual((await dan.texts()).includes("without dan"), false);
});

Deno.test("admin and add of who is that already: no new key; he joins by what is printed all the same", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  const member = (change: "admin" | "add") =>
    waitFor(hub, ada.session.member({ ...VAULT, agent: bob.id, change }));
  const { epoch } = await member("admin");
  const records = () => hub.said.filter(isKind("e")).length;
  const before = records();
  deepStrictEqual(await member("admin"), {
    ...{ ...VAULT, agent: bob.id, change: "admin", epoch, members: 2 },
  });
  const added = await member("add");
  deepStrictEqual([added.epoch, added.members], [epoch, 2]);
  strictEqual(records(), before);
  bob.close();
  bob.forget();
  bob.open();
  await hub.until(() => bob.session.status().connected);
  const { invite = "" } = added;
  const { status } = await waitFor(hub, bob.session.join_private({ invite }));
  strictEqual(status, "joined");
});

Deno.test("add of a member whom another admin removed apart: he stays one, though the branches are not merged yet", async () => {
  using hub = new SealedHub([]);
  const [ada, bob, cal] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "cal" }),
  ];
  await vaultOf(hub, [ada, bob, cal]);
  const change = (
    who: SealedAgent,
    agent: SealedAgent,
    change: "add" | "admin" | "remove",
  ) =>
    waitFor(
      hub,
      who.session.member({ ...VAULT, agent: agent.id, change }),
    );
  await change(ada, bob, "admin");
  await hub.goOn(3_000);
  // Each makes an epoch that the other does not hear of.
  const kept: [RawObject, string][] = [];
  hub.tells = (raw, to) => {
    kept.push([raw, to]);
    return [];
  };
  await waitFor(hub, ada.session.invite({ ...VAULT, for_ms: 3_600_000 }));
  await change(bob, cal, "remove");
  hub.tells = (raw) => [raw];
  for (const [raw, to] of kept) hub.give(raw, to);
  await hub.goOn(500);
  await change(ada, cal, "add");
  await hub.goOn(20_000);
  for (const who of [ada, bob]) {
    const { members } = await waitFor(hub, who.session.members(VAULT));
    const ids = members.map(({ id }) => id).toSorted();
    deepStrictEqual(ids, [ada.id, bob.id, cal.id].toSorted());
  }
});

Deno.test("a room in which a key can't be made keeps nobody from the next one", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  await vaultOf(hub, [ada]);
  await waitFor(hub, ada.session.create({ room: "second", private: true }));
  // A week later both get a new key; the first one's can't be written down.
  const before = hub.said.filter(isKind("e")).length;
  const [first] = [...hub.rooms.keys()];
  hub.clock.jumpWall(8 * 24 * 3_600_000);
  const { askKeys } = ada;
  ada.close();
  ada.open({
    askKeys: (question) =>
      "room" in question && question.ask === "new_epoch" &&
        question.room === first
        ? Promise.reject(new Error("no key"))
        : askKeys(question),
  });
  await hub.until(() =>
    ada.session.status().rooms.every(({ joined }) => joined)
  );
  await hub.goOn(10_000);
  const made = hub.said.filter(isKind("e")).slice(before);
  deepStrictEqual([...new Set(made.map(({ room }) => room))], [
    [...hub.rooms.keys()][1],
  ]);
});

Deno.test("a change whose record would fit into no message is refused, and the room goes on as it was", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  await vaultOf(hub, [ada]);
  const before = hub.said.length;
  const { askKeys } = ada;
  ada.close();
  ada.open({
    askKeys: async (question) => {
      const answer = await askKeys(question);
      if (question.ask !== "new_epoch") return answer;
      const { wraps } = answer as NewEpoch;
      const many = Array(600).fill(wraps[0]);
      return { ...answer as NewEpoch, wraps: many } as never;
    },
  });
  await hub.until(() => ada.session.status().rooms[0]?.joined === true);
  const inviting = ada.session.invite({ ...VAULT, for_ms: 3_600_000 });
  await rejects(waitFor(hub, inviting), { code: "LIMIT_REACHED" });
  await hub.goOn(10_000);
  strictEqual(hub.said.length, before);
  strictEqual(await waitFor(hub, ada.say("vault", "still here")), "accepted");
});

Deno.test("a key is changed after a week, also where its author's clock was far ahead", async () => {
  for (const days of [8, -8]) {
    using hub = new SealedHub([]);
    const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
    hub.clock.jumpWall(20 * 24 * 3_600_000);
    await vaultOf(hub, [ada]);
    await hub.goOn(10_000);
    const before = hub.said.filter(isKind("e")).length;
    hub.clock.jumpWall(days * 24 * 3_600_000);
    await ada.restart();
    await hub.until(() => hub.said.filter(isKind("e")).length > before);
    await hub.goOn(20_000);
    strictEqual(hub.said.filter(isKind("e")).length, before + 1);
  }
});
