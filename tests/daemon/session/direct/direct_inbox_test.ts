import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { RawObject } from "../../../../lib/protocol/frames.ts";
import { signFrame } from "../../../../lib/protocol/signing.ts";
import { writeSealed } from "../../../../lib/sealed/sealed_text.ts";
import { type OpenSql, openSqlite } from "../../../../lib/sql/sql.ts";
import { SealedAgent, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";
import { textOf } from "../../../fakes/sealed_scene.ts";

async function contacts() {
  const hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  ada.session.pin({ agent: bob.id, name: "bob" });
  bob.session.pin({ agent: ada.id, name: "ada" });
  const dm = (text: string) =>
    waitFor(hub, ada.session.send({ room: "@bob", text }));
  return { hub, ada, bob, dm };
}

/** A `direct` as its author signs it, and with what a relay changed of it. */
function direct(
  hub: SealedHub,
  by: SealedAgent,
  signed: { readonly id: string; readonly to: string; readonly text: string },
  changed: RawObject = {},
): RawObject {
  const { id, to, text } = signed;
  const raw = signFrame({
    ...{ type: "direct", id, to, from: by.id, nonce: `n-${id}` },
    timestamp: hub.clock.wall(),
    content: { type: "text", text },
  }, by.identity.sign);
  return { ...raw, ...changed };
}

Deno.test("DirectInbox: of what is forged, not sealed, another's, moved or for another nothing is a message, and the next one comes", async () => {
  const { hub, ada, bob, dm } = await contacts();
  using _ = hub;
  const eve = await SealedAgent.make(hub, { number: 9, name: "eve" });
  await dm("one");
  await bob.hears("one");
  const [first] = hub.said as [RawObject];
  const sealed = textOf(first);
  const to = bob.id;
  const broken = [...Array(20).keys()].map((n) =>
    sealed.slice(0, 20 + n * 7) + (sealed[20 + n * 7] === "A" ? "B" : "A") +
    sealed.slice(21 + n * 7)
  );
  const texts = [
    ...["", "plain", "agentnet-e2e-1.m.", "agentnet-e2e-9.m.AAAA"],
    ...["m", "e", "j", "q", "r", "g", "l"].map((kind) =>
      writeSealed(kind as "m", new Uint8Array(200))
    ),
    ...broken,
  ];
  const hostile = [
    ...texts.map((text, n) => direct(hub, ada, { id: `t${n}`, to, text })),
    direct(hub, ada, { id: "moved", to, text: sealed }),
    direct(hub, eve, { id: String(first.id), to, text: sealed }),
    direct(hub, ada, { id: "other", to: eve.id, text: sealed }),
    direct(hub, ada, { id: "forged", to, text: sealed }, { from: eve.id }),
    direct(hub, ada, { id: "swapped", to, text: sealed }, { to: eve.id }),
    { ...first, content: { type: "text", text: broken[0] } },
    { ...first, from: "no key" },
    { ...first, id: "" },
  ];
  for (const raw of hostile) hub.inboxes.again(raw, to);
  for (let times = 0; times < 5; times++) hub.inboxes.again(first, to);
  await hub.goOn(3_000);
  await dm("two");
  await bob.hears("two");
  deepStrictEqual(await bob.texts(), ["one", "two"]);
  deepStrictEqual(bob.session.requests().requests, []);
  strictEqual(bob.session.status().forged > 20, true);
});

Deno.test("DirectInbox: what the disk does not take stays at the relay, and comes once it does", async () => {
  const { hub, bob, dm } = await contacts();
  using _ = hub;
  let isFull = false;
  const openDatabase: OpenSql = (path) => {
    const sql = openSqlite(path);
    return {
      exec: (text) => {
        if (isFull && text === "COMMIT") {
          throw new Error("database or disk is full");
        }
        sql.exec(text);
      },
      prepare: (text) => sql.prepare(text),
      close: () => sql.close(),
    };
  };
  bob.close();
  bob.open({ openDatabase });
  await hub.until(() => bob.session.status().connected);
  isFull = true;
  await dm("while it is full");
  await hub.goOn(3_000);
  strictEqual(hub.inboxes.of(bob.id).length, 1);
  deepStrictEqual(await bob.texts(), []);
  isFull = false;
  await bob.restart();
  await bob.hears("while it is full");
  await hub.goOn(1_000);
  deepStrictEqual(hub.inboxes.of(bob.id), []);
  deepStrictEqual(await bob.texts(), ["while it is full"]);
  deepStrictEqual(await bob.gaps("@ada"), []);
});

Deno.test("DirectInbox: killed between the disk and the word to the relay it has the message once", async () => {
  const { hub, bob, dm } = await contacts();
  using _ = hub;
  await dm("one");
  await hub.until(async () => (await bob.texts()).length === 1);
  // The relay has not heard of it yet, or forgets that it did.
  const [raw] = hub.said as [RawObject];
  bob.close();
  if (hub.inboxes.of(bob.id).length === 0) hub.inboxes.again(raw, bob.id);
  bob.open();
  await hub.goOn(3_000);
  deepStrictEqual(await bob.texts(), ["one"]);
  deepStrictEqual(hub.inboxes.of(bob.id), []);
});

Deno.test("DirectInbox: a true seal in a frame that is for another, or that nobody signed, is refused; its own frame is taken", async () => {
  const { hub, ada, bob, dm } = await contacts();
  using _ = hub;
  hub.tells = () => [];
  await dm("one");
  hub.tells = (raw) => [raw];
  const [raw] = hub.said as [RawObject];
  const signed = { id: String(raw.id), to: "1".repeat(44), text: textOf(raw) };
  hub.inboxes.again(direct(hub, ada, signed), bob.id);
  hub.inboxes.again({ ...raw, timestamp: 1 }, bob.id);
  await hub.goOn(2_000);
  deepStrictEqual(await bob.texts(), []);
  hub.inboxes.again(raw, bob.id);
  await bob.hears("one");
});

Deno.test("DirectInbox: what a relay says again and again is told it once, by acks that it takes so often", async () => {
  const { hub, bob, dm } = await contacts();
  using _ = hub;
  const acks: number[] = [];
  const remove = hub.inboxes.remove.bind(hub.inboxes);
  hub.inboxes.remove = (to, had) => {
    if (to === bob.id && had.length > 0) acks.push(had.length);
    remove(to, had);
  };
  await dm("one");
  await bob.hears("one");
  await hub.goOn(2_000);
  const [first] = hub.said as [RawObject];
  for (let n = 0; n < 500; n++) hub.inboxes.again(first, bob.id);
  await hub.goOn(3_000);
  deepStrictEqual(acks, [1, 1]);
  for (let n = 0; n < 240; n++) {
    hub.inboxes.again(first, bob.id);
    await hub.goOn(250);
  }
  // Of a minute; a relay takes 120.
  strictEqual(acks.length < 110, true, `${acks.length} acks`);
});
