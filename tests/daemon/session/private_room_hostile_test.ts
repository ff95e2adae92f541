import { deepStrictEqual, strictEqual } from "node:assert/strict";

import type { RawObject } from "../../../lib/protocol/frames.ts";
import { signFrame } from "../../../lib/protocol/signing.ts";

import { SealedAgent, waitFor } from "../../fakes/sealed_agent.ts";
import { roomName } from "../../fakes/plain.ts";
import { agent } from "../../fakes/agents.ts";
import { adaAndBob, isKind, say, textOf } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

Deno.test("a relay that drops messages: what is missing is a gap, also where nothing came after it but another's word", async () => {
  const { hub, ada, bob } = await adaAndBob([]);
  using _ = hub;
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
  );
  await waitFor(hub, cal.session.join_private({ invite }));
  // Streams that began before somebody came say nothing of what he misses: these begin now.
  hub.clock.jumpWall(300_000);
  await ada.restart();
  await hub.until(() => ada.session.status().rooms[0]?.joined === true);
  await say(hub, ada, "one");
  await bob.hears("one");
  hub.tells = (raw, to) => to === bob.id && isKind("m")(raw) ? [] : [raw];
  hub.shows = (raw, to) => to !== bob.id || !isKind("m")(raw);
  await say(hub, ada, "two");
  await say(hub, ada, "three");
  await cal.hears("three");
  hub.tells = (raw) => [raw];
  await say(hub, cal, "I heard ada");
  await bob.hears("I heard ada");
  await hub.goOn(40_000);
  deepStrictEqual(await bob.gaps("vault"), [2]);
  deepStrictEqual(await cal.gaps("vault"), []);
});

Deno.test("a relay that replays, doubles, alters and swaps: each message once, whatever is made of it never", async () => {
  const { hub, ada, bob, wire } = await adaAndBob();
  using _ = hub;
  await say(hub, ada, "one");
  await bob.hears("one");
  const there = hub.said.filter(isKind("m"));
  const [raw] = there as [RawObject];
  const other = "p-" + "f".repeat(32);
  hub.rooms.set(other, { ...hub.rooms.get(wire)!, messages: [] });
  const forge = (changed: RawObject, by = ada.identity) => {
    const { signature: _s, seq: _q, from_name: _n, received_at: _r, ...rest } =
      raw;
    const next = { ...rest, ...changed, nonce: `n${Math.random()}` };
    return signFrame(next, by.sign) as RawObject;
  };
  const eve = agent(9);
  const lies = [
    raw,
    { ...raw, seq: Number(raw.seq) + 50 },
    // Under Ada's own signature on the frame, as if her daemon had said it.
    forge({ id: "another-id" }),
    forge({ content: { type: "text", text: textOf(raw).slice(0, -4) } }),
    forge({ content: { type: "text", text: "plain text" }, id: "plain" }),
    // Bob's frame around Ada's words; a stranger's.
    forge({ from: bob.id, id: "bobs" }, bob.identity),
    forge({ from: eve.id, id: "eves" }, eve),
    forge({ room: other, id: "there" }),
  ];
  for (const lie of lies) hub.give(lie, bob.id);
  await say(hub, ada, "two");
  await bob.hears("two");
  await hub.goOn(3_000);
  deepStrictEqual(await bob.texts("vault"), ["one", "two"]);
  strictEqual(bob.session.status().forged >= 4, true);
});

Deno.test("a message by REST, without its frame's signature, and live as well, in whatever order: it is there once", async () => {
  for (const isLiveFirst of [true, false]) {
    const { hub, ada, bob } = await adaAndBob([]);
    using _ = hub;
    const kept: RawObject[] = [];
    hub.tells = (raw, to) => {
      if (to !== bob.id || isLiveFirst) return [raw];
      kept.push(raw);
      return [];
    };
    await say(hub, ada, "once");
    if (isLiveFirst) await bob.hears("once");
    // Entered again, it asks for the past by REST.
    bob.cut();
    await bob.hears("once");
    for (const raw of kept) hub.give(raw, bob.id);
    await hub.goOn(5_000);
    deepStrictEqual(await bob.texts("vault"), ["once"]);
  }
});

Deno.test("whatever order and half of it a relay gives first: all is opened once all is there, the same for each", async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const { hub, ada, bob } = await adaAndBob();
    using _ = hub;
    const kept: RawObject[] = [];
    hub.tells = (raw, to) => {
      if (to !== bob.id) return [raw];
      kept.push(raw);
      return [];
    };
    hub.shows = (_, to) => to !== bob.id;
    const wanted: string[] = [];
    for (let n = 0; n < 4; n++) {
      await waitFor(
        hub,
        ada.session.member({
          ...{ ...VAULT, agent: agent(20 + n).id, change: "add" },
        }),
      );
      for (let m = 0; m < 3; m++) {
        wanted.push(`said ${n} ${m}`);
        await say(hub, ada, `said ${n} ${m}`);
      }
    }
    let chance = seed;
    const order = kept.map((raw) => ({
      raw,
      at: chance = chance * 48_271 % 2_147_483_647,
    })).sort((a, b) => a.at - b.at);
    hub.tells = (raw) => [raw];
    for (const { raw } of order) {
      const { seq: _seq, ...unnumbered } = raw;
      hub.give(unnumbered, bob.id);
      await hub.goOn(seed * 100);
    }
    await hub.until(
      async () => (await bob.texts("vault")).length === wanted.length,
      "all is there",
    );
    deepStrictEqual((await bob.texts("vault")).sort(), wanted.sort());
    const epochs = await Promise.all(
      [ada, bob].map(async (who) =>
        (await waitFor(hub, who.session.members(VAULT))).private?.epoch
      ),
    );
    strictEqual(epochs[0], epochs[1]);
  }
});

Deno.test("a removal that is withheld: who is behind says so, sends nothing under the old key, and goes on once it is given", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  const isRecord = (raw: RawObject) => isKind("e")(raw) || isKind("r")(raw);
  hub.tells = (raw, to) => to === bob.id && isRecord(raw) ? [] : [raw];
  hub.shows = (raw, to) => to !== bob.id || !isRecord(raw);
  const eve = agent(9);
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: eve.id, change: "add" }),
  );
  await say(hub, ada, "under the new key");
  const view = async () =>
    (await waitFor(hub, bob.session.members(VAULT))).private;
  await hub.until(async () => (await view())?.behind === true, "bob is behind");
  strictEqual(bob.session.status().rooms[0]?.sealed, 1);
  strictEqual(await say(hub, bob, "I wait"), "queued");
  const before = hub.said.filter((raw) =>
    raw.from === bob.id && isKind("m")(raw)
  );
  deepStrictEqual(before, []);
  hub.tells = (raw) => [raw];
  hub.shows = () => true;
  // By then it is asked for once a minute.
  await hub.goOn(70_000);
  await bob.hears("under the new key");
  await ada.hears("I wait");
  const [late] = await bob.all("vault");
  strictEqual(late?.late, true);
});

Deno.test("what a removed member says afterwards is refused, also under an earlier time than his last word's", async () => {
  const { hub, ada, bob } = await adaAndBob([]);
  using _ = hub;
  const kept: RawObject[] = [];
  hub.tells = (raw, to) => {
    if (to !== ada.id || !isKind("m")(raw)) return [raw];
    kept.push(raw);
    return [];
  };
  await say(hub, bob, "the first");
  hub.clock.jumpWall(2_000);
  hub.tells = (raw) => [raw];
  await say(hub, bob, "the second");
  await ada.hears("the second");
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "remove" }),
  );
  strictEqual(kept.length, 1);
  const { forged } = ada.session.status();
  hub.give(kept[0]!, ada.id);
  await hub.goOn(3_000);
  deepStrictEqual(await ada.texts("vault"), ["the second"]);
  strictEqual(ada.session.status().forged, forged + 1);
});

Deno.test("two histories for two members: each is told what the other had, and misses it", async () => {
  const { hub, ada, bob } = await adaAndBob([]);
  using _ = hub;
  hub.clock.jumpWall(300_000);
  for (const who of [ada, bob]) {
    await who.restart();
    await hub.until(() => who.session.status().rooms[0]?.joined === true);
  }
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
  );
  await waitFor(hub, cal.session.join_private({ invite }));
  await say(hub, ada, "to all");
  await bob.hears("to all");
  await cal.hears("to all");
  hub.tells = (raw, to) =>
    raw.from === ada.id && to === bob.id && isKind("m")(raw) ? [] : [raw];
  hub.shows = (raw, to) =>
    !(raw.from === ada.id && to === bob.id && isKind("m")(raw));
  await say(hub, ada, "kept from bob");
  await cal.hears("kept from bob");
  await say(hub, cal, "fine");
  await bob.hears("fine");
  await hub.goOn(40_000);
  deepStrictEqual(await bob.gaps("vault"), [1]);
});

Deno.test("a relay that gives rows without signatures another time changes no message's time", async () => {
  const { hub, ada, bob } = await adaAndBob([]);
  using _ = hub;
  bob.close();
  await hub.goOn(10_000);
  const saidAt = hub.clock.wall();
  strictEqual(await say(hub, ada, "at its time"), "accepted");
  const told = hub.rest.bind(hub);
  hub.rest = (room, limit, to) =>
    told(room, limit, to).map((row) => ({
      ...row,
      timestamp: Number(row.timestamp) + 3 * 86_400_000,
    }));
  await hub.goOn(10_000);
  bob.open();
  await bob.hears("at its time");
  const { messages } = await waitFor(
    hub,
    bob.session.history({ room: "vault", limit: 50 }),
  );
  const times = [...await bob.all("vault"), ...messages]
    .filter(({ text }) => text === "at its time")
    .map(({ timestamp }) => Math.abs(timestamp - saidAt) < 5_000);
  deepStrictEqual(times, [true, true]);
  // And an export leaves out none by it.
  const room = roomName("vault");
  const { frames } = await waitFor(hub, bob.session.frames({ room }));
  const one = frames.find(({ opened }) => opened?.text === "at its time");
  strictEqual(Math.abs((one?.timestamp ?? 0) - saidAt) < 5_000, true);
});
