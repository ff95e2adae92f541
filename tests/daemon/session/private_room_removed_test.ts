import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { openSqlite } from "../../../lib/sql/sql.ts";
import { readSealed, writeSealed } from "../../../lib/sealed/sealed_text.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { roomName } from "../../fakes/plain.ts";
import { recordOf } from "../../fakes/sealed_record.ts";
import { adaAndBob, isKind, say, textOf } from "../../fakes/sealed_scene.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { saidUnder } from "../../fakes/sealed_words.ts";

const VAULT = { room: "vault" };

/** A record as its frame holds it. */
function recordIn(raw: RawObject) {
  const read = readSealed(textOf(raw));
  if (read.is !== "sealed") throw new Error(read.is);
  return { author: String(raw.from), body: read.body };
}

const change = (
  who: SealedAgent,
  agent: SealedAgent,
  change: "admin" | "remove",
) =>
  waitFor(
    who.hub,
    who.session.member({ ...VAULT, agent: agent.id, change }),
  );

Deno.test("history of a private room: what a removed member says afterwards is not there; before that it is marked as one's who was removed", async () => {
  for (const features of [undefined, []] as const) {
    const { hub, ada, bob, wire } = await adaAndBob(features as []);
    using _ = hub;
    const room = roomName(wire);
    const record = recordIn(hub.said.findLast(isKind("e"))!);
    await say(hub, bob, "before");
    await ada.hears("before");
    await hub.goOn(5_000);
    await change(ada, bob, "remove");
    await hub.goOn(300_000);
    for (const id of ["after", "late"]) {
      const at = hub.clock.wall();
      const said = { room, record, id, text: id, at };
      const text = await saidUnder(bob, said);
      hub.say(bob.identity, { room: wire, id, text });
    }
    await hub.goOn(3_000);
    const history = async () => {
      const query = { ...VAULT, limit: 50 };
      const { messages } = await waitFor(hub, ada.session.history(query));
      return messages.map(({ text, removed }) => [text, removed]);
    };
    deepStrictEqual(await history(), [["before", true]]);
    deepStrictEqual(await ada.texts("vault"), ["before"]);
    // As one who comes back after it all reads it.
    ada.close();
    Deno.removeSync(ada.folder, { recursive: true });
    Deno.mkdirSync(ada.folder);
    ada.open();
    await hub.until(() => ada.session.status().connected);
    const { rooms } = await waitFor(
      hub,
      ada.session.recover({ wire }),
    );
    strictEqual(rooms[0]?.status, "recovered");
    deepStrictEqual(await history(), [["before", true]]);
  }
});

Deno.test("a removed admin's fork makes nobody a member: what a stranger says under it is refused, live, fetched, or before its record", async () => {
  using hub = new SealedHub();
  const [ada, bob, mal] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 7, name: "mal" }),
  ];
  const wire = await vaultOf(hub, [ada, bob]);
  const room = roomName(wire);
  await change(ada, bob, "admin");
  await hub.goOn(3_000);
  const parent = recordIn(hub.said.findLast(isKind("e"))!);
  await change(ada, bob, "remove");
  await say(hub, ada, "without bob");
  const members = [ada.id, bob.id, mal.id];
  const fork = await recordOf(bob, {
    ...{ room, parents: [parent], ids: members },
    state: { admins: [ada.id, bob.id] },
  });
  const said = async (who: SealedAgent, text: string) => {
    const at = hub.clock.wall();
    const sealed = await saidUnder(who, {
      ...{ room, record: fork, id: text, text, at },
    });
    hub.say(who.identity, { room: wire, id: text, text: sealed });
  };
  await said(mal, "before the record");
  await said(bob, "so did I");
  hub.say(bob.identity, {
    ...{ room: wire, id: "fork", text: writeSealed("e", fork.body) },
  });
  await said(mal, "after the record");
  await hub.goOn(3_000);
  ada.close();
  await said(mal, "while ada was away");
  await said(bob, "and I");
  ada.open();
  await hub.until(() => ada.session.status().rooms[0]?.joined === true);
  await hub.goOn(10_000);
  deepStrictEqual(await ada.texts("vault"), ["without bob"]);
  const { messages } = await waitFor(
    hub,
    ada.session.history({ ...VAULT, limit: 50 }),
  );
  deepStrictEqual(messages.map(({ text }) => text), ["without bob"]);
});

Deno.test("what members say while one who was let in by another than his host is not sure yet: he hears it once he is", async () => {
  using hub = new SealedHub([]);
  const [ada, bob, cal] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "cal" }),
  ];
  await vaultOf(hub, [ada, bob]);
  await change(ada, bob, "admin");
  await hub.goOn(20_000);
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
  );
  await hub.goOn(3_000);
  ada.close();
  const joining = cal.session.join_private({ invite });
  const records = hub.said.filter(isKind("e")).length;
  await hub.until(() => hub.said.filter(isKind("e")).length > records);
  await say(hub, bob, "welcome");
  await waitFor(hub, joining);
  await hub.goOn(60_000);
  await cal.hears("welcome");
  ada.open();
});

Deno.test("a removed member who is invited again asks until he is let in, and keeps no secret of the invitation then", async () => {
  for (const isThere of [true, false]) {
    const { hub, ada, bob } = await adaAndBob();
    using _ = hub;
    await change(ada, bob, "remove");
    await hub.goOn(3_000);
    const { invite } = await waitFor(
      hub,
      ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
    );
    // What is said to the room while Ada is away she does not get afterwards.
    if (!isThere) {
      ada.close();
      hub.shows = (raw, to) => to !== ada.id || !isKind("j")(raw);
    }
    const asked = await waitFor(hub, bob.session.join_private({ invite }));
    strictEqual(asked.status, isThere ? "joined" : "asked");
    // The hub tells nobody that she is back: he asks again after ten minutes.
    if (!isThere) {
      ada.open();
      await hub.goOn(600_000);
    }
    const isIn = async () =>
      (await waitFor(hub, bob.session.members(VAULT))).private?.member;
    await hub.until(async () => await isIn() === true, "bob is in again");
    strictEqual(await say(hub, bob, "back again"), "accepted");
    await ada.hears("back again");
    const mailbox = openSqlite(`${bob.folder}/mailbox.db`);
    const rows = mailbox.prepare("SELECT seed FROM private_rooms").all();
    mailbox.close();
    deepStrictEqual(rows.map(({ seed }) => seed), [null]);
  }
});

Deno.test("a removal alone is withheld, and the next change given: who has that one is behind until he has the removal, and says nothing to the removed one", async () => {
  using hub = new SealedHub([]);
  const [ada, bob, eve] = [
    await SealedAgent.make(hub, { number: 1, name: "ada" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
    await SealedAgent.make(hub, { number: 3, name: "eve" }),
  ];
  await vaultOf(hub, [ada, bob, eve]);
  await hub.goOn(5_000);
  const isRecord = (raw: RawObject) => isKind("e")(raw) || isKind("r")(raw);
  const hides = (raw: RawObject, to: string) => to === bob.id && isRecord(raw);
  hub.tells = (raw, to) => hides(raw, to) ? [] : [raw];
  await change(ada, eve, "remove");
  hub.tells = (raw, to) => to === bob.id && isKind("r")(raw) ? [] : [raw];
  await waitFor(hub, ada.session.invite({ ...VAULT, for_ms: 3_600_000 }));
  await hub.goOn(3_000);
  const view = async () =>
    (await waitFor(hub, bob.session.members(VAULT))).private;
  strictEqual((await view())?.behind, true);
  strictEqual(await say(hub, bob, "not for eve"), "queued");
  await hub.goOn(5_000);
  hub.tells = (raw) => [raw];
  await hub.goOn(70_000);
  await ada.hears("not for eve");
  strictEqual((await eve.texts()).includes("not for eve"), false);
  strictEqual((await view())?.behind, false);
});
