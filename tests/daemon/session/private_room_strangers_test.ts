import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openSqlite } from "../../../lib/sql/sql.ts";
import { readInvite } from "../../../lib/invites/read_invite.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { joinBytes, writeJoin } from "../../../lib/sealed/join_request.ts";
import { recordOf } from "../../fakes/sealed_record.ts";

import { writeRecordRequest } from "../../../lib/sealed/record_request.ts";
import {
  privateWire,
  readSealed,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { agent } from "../../fakes/agents.ts";
import { adaAndBob, isKind, say, textOf } from "../../fakes/sealed_scene.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const VAULT = { room: "vault" };

Deno.test("floods of requests and of records are bounded, and keep nobody from the room", async () => {
  const { hub, ada, bob, wire } = await adaAndBob();
  using _ = hub;
  const record = hub.said.find(isKind("e"))!;
  const read = readSealed(textOf(record));
  if (read.is !== "sealed") throw new Error(read.is);
  const eve = agent(9);
  for (let n = 0; n < 60; n++) {
    const wanted = new Uint8Array(16);
    const text = writeSealed("q", writeRecordRequest(wanted));
    hub.say(bob.identity, { room: wire, id: `q${n}`, text });
    hub.say(eve, { room: wire, id: `eq${n}`, text });
    const body = read.body.slice();
    body[5] = n;
    hub.say(eve, { room: wire, id: `e${n}`, text: writeSealed("e", body) });
    hub.say(ada.identity, {
      ...{ room: wire, id: `ae${n}`, text: writeSealed("e", body) },
    });
  }
  await hub.goOn(10_000);
  const answers = hub.said.filter(isKind("r"));
  strictEqual(answers.length <= 10, true, `${answers.length} answers`);
  await say(hub, ada, "still here");
  await bob.hears("still here");
});

Deno.test("who asks to be let in believes no record of a stranger, however many he seals to him", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const mal = await SealedAgent.make(hub, { number: 7, name: "mal" });
  const wire = await vaultOf(hub, [ada]);
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
  );
  ada.close();
  const asked = await waitFor(hub, bob.session.join_private({ invite }));
  strictEqual(asked.status, "asked");
  // Mal makes a room of its own under the same name on the wire.
  const room = privateWire(hex(wire.slice(2)));
  for (let n = 0; n < 40; n++) {
    const { body } = await recordOf(mal, { room, ids: [mal.id, bob.id] });
    const text = writeSealed("e", body);
    hub.say(mal.identity, { room: wire, id: `mal${n}`, text });
  }
  await hub.goOn(10_000);
  const { private: view } = await waitFor(hub, bob.session.members(VAULT));
  deepStrictEqual(view, { behind: false, member: false });
  const kept = () => {
    const mailbox = openSqlite(`${bob.folder}/mailbox.db`);
    const rows = mailbox.prepare("SELECT author FROM epoch_records").all();
    mailbox.close();
    return rows.filter(({ author }) => author === mal.id).length;
  };
  strictEqual(kept(), 32);
  ada.open();
  await hub.until(async () =>
    (await waitFor(hub, bob.session.members(VAULT))).private?.member === true
  );
  const { members } = await waitFor(hub, bob.session.members(VAULT));
  deepStrictEqual(members.map(({ id }) => id), [ada.id, bob.id]);
  // And none at all of who is no admin, from then on.
  const { body } = await recordOf(mal, { room, ids: [mal.id, bob.id] });
  hub.say(mal.identity, {
    ...{ room: wire, id: "again", text: writeSealed("e", body) },
  });
  await hub.goOn(3_000);
  strictEqual(kept(), 32);
});

Deno.test("a copied request lets nobody in, though its invitation is open", async () => {
  const { hub, ada, wire } = await adaAndBob();
  using _ = hub;
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  const open = { ...VAULT, for_ms: 3_600_000, uses: 5 };
  const { invite } = await waitFor(hub, ada.session.invite(open));
  await waitFor(hub, cal.session.join_private({ invite }));
  const text = textOf(hub.said.findLast(isKind("j"))!);
  hub.say(agent(9), { room: wire, id: "copied", text });
  await hub.goOn(20_000);
  const { members } = await waitFor(hub, ada.session.members(VAULT));
  strictEqual(members.length, 3);
  strictEqual(members.some(({ id }) => id === agent(9).id), false);
});

Deno.test("who lets himself in again and again by an invitation for many keeps no admin from a removal", async () => {
  const { hub, ada, bob, wire } = await adaAndBob();
  using _ = hub;
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000, uses: 100 }),
  );
  const { sealed } = readInvite(invite, hub.clock.wall());
  const { seed, root } = sealed!;
  const invitation = await Identity.fromSeed(seed);
  for (let n = 0; n < 14; n++) {
    const joiner = agent(100 + n);
    const at = hub.clock.wall();
    const place = { room: privateWire(hex(wire.slice(2))), joiner: joiner.id };
    const signature = await invitation.sign(joinBytes({ ...place, root }, at));
    const body = writeJoin({ pub: invitation.id, at, signature });
    const text = writeSealed("j", body);
    hub.say(joiner, { room: wire, id: `j${n}`, text });
    await hub.goOn(2_000);
  }
  const { members } = await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change: "remove" }),
  );
  // Not all of them: so many in a minute.
  strictEqual(members > 5 && members < 15, true, `${members} members`);
});
