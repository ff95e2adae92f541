import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { daemonFinding } from "../../../lib/diagnosis/daemon_finding.ts";
import { APPLICATION_ID } from "../../../daemon/mailbox/migration.ts";
import { VERSIONS } from "../../../daemon/mailbox/schema.ts";
import { openSqlite } from "../../../lib/sql/sql.ts";
import { hpkeSeal } from "../../../daemon/keeper/room_keys/hpke_suite.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { agreementKeyOf } from "../../../lib/sealed/agreement_key.ts";
import {
  epochStatement,
  type GivenRecord,
  wrapInfo,
} from "../../../lib/sealed/record_form.ts";
import {
  hintOf,
  readRecord,
  readUnsigned,
  unsignedRecord,
} from "../../../lib/sealed/epoch_record.ts";
import {
  commitmentOf,
  messageKey,
  SourceKey,
} from "../../../lib/sealed/derived_keys.ts";
import { readSealed, writeSealed } from "../../../lib/sealed/sealed_text.ts";
import { identityOf } from "../../fakes/fast_identity.ts";
import { roomName } from "../../fakes/plain.ts";
import { recordOf } from "../../fakes/sealed_record.ts";
import { agent } from "../../fakes/agents.ts";

import { SealedHub } from "../../fakes/sealed_hub.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { adaAndBob, isKind, say, textOf } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };
const isRecord = isKind("e");

Deno.test("a mailbox of the first version: its rooms and messages stay, and a private room is made beside them", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  ada.close();
  Deno.removeSync(`${ada.folder}/mailbox.db`);
  const old = openSqlite(`${ada.folder}/mailbox.db`);
  old.exec(VERSIONS[0]!);
  old.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  old.exec("PRAGMA user_version = 1");
  old.exec(
    `INSERT INTO messages (room, id, author, name, bytes, verified, late, timestamp, received_at, text)
     VALUES ('tea', 'm1', 'A1', 'bob', 9, 1, 0, 1, 1, 'from before')`,
  );
  old.close();
  ada.open();
  await hub.until(() => ada.session.status().connected);
  await vaultOf(hub, [ada]);
  await say(hub, ada, "from now on");
  const told = await ada.all();
  deepStrictEqual(told.map((one) => [one.text, one.private]), [
    ["from before", undefined],
    ["from now on", true],
  ]);
});

Deno.test("room.keys lost: the records that are kept bring the keys back", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  bob.close();
  bob.files.names.clear();
  bob.open();
  await say(hub, ada, "after the loss");
  await bob.hears("after the loss");
  await say(hub, bob, "I can still speak");
  await ada.hears("I can still speak");
});

Deno.test("state and keys lost: the key alone finds the room, the past and its name again", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  await say(hub, bob, "bob was here");
  await ada.hears("bob was here");
  bob.close();
  bob.forget();
  bob.open();
  await hub.until(() => bob.session.status().connected);
  const found = await waitFor(hub, bob.session.recover({}));
  deepStrictEqual(found.rooms.map(({ name, status }) => [name, status]), [
    ["vault", "recovered"],
  ]);
  const { messages } = await waitFor(
    hub,
    bob.session.history({ ...VAULT, limit: 50 }),
  );
  deepStrictEqual(messages.map(({ text }) => text), ["bob was here"]);
  await say(hub, ada, "welcome back");
  await bob.hears("welcome back");
});

Deno.test("recover: a room in which this agent never spoke is named and not entered", async () => {
  using hub = new SealedHub();
  const [mal, bob] = [
    await SealedAgent.make(hub, { number: 7, name: "mal" }),
    await SealedAgent.make(hub, { number: 2, name: "bob" }),
  ];
  const wire = await vaultOf(hub, [mal]);
  await waitFor(
    hub,
    mal.session.member({ ...VAULT, agent: bob.id, change: "add" }),
  );
  const found = await waitFor(hub, bob.session.recover({}));
  deepStrictEqual(found.rooms, [{ name: wire, wire, status: "unproven" }]);
  deepStrictEqual(bob.session.status().rooms, []);
  const named = await waitFor(hub, bob.session.recover({ wire }));
  deepStrictEqual(named.rooms[0]?.status, "recovered");
  await rejects(waitFor(hub, bob.session.recover({ wire: "tea" })), {
    code: "USAGE",
  });
});

Deno.test("recover of a named room in which this agent never spoke: a stranger's epochs, however high their number, take it over from nobody", async () => {
  for (const isBehind of [true, false]) {
    const { hub, bob, wire } = await adaAndBob();
    using _ = hub;
    const room = roomName(wire);
    const mal = await SealedAgent.make(hub, { number: 7, name: "mal" });
    const raw = hub.said.findLast(isRecord)!;
    const read = readSealed(textOf(raw));
    if (read.is !== "sealed") throw new Error(read.is);
    const theirs = { author: String(raw.from), body: read.body };
    // A room of his own under this name, ten epochs long; or one behind the real one's.
    let made = await recordOf(mal, { room, ids: [mal.id, bob.id] });
    const ids = [mal.id, bob.id];
    for (let n = 0; n < 10 && !isBehind; n++) {
      made = await recordOf(mal, { room, ids, parents: [made] });
    }
    const body = isBehind
      ? await forgedBehind(mal, { room, theirs, ids })
      : made.body;
    hub.say(mal.identity, {
      ...{ room: wire, id: "forged", text: writeSealed("e", body) },
    });
    bob.close();
    bob.forget();
    bob.open();
    await hub.until(() => bob.session.status().connected);
    const { rooms } = await waitFor(hub, bob.session.recover({ wire }));
    if (isBehind) {
      strictEqual(rooms[0]?.status, "recovered");
      const { members } = await waitFor(hub, bob.session.members(VAULT));
      strictEqual(members.some(({ id }) => id === mal.id), false);
    } else {
      deepStrictEqual(rooms, [{ name: wire, wire, status: "unproven" }]);
      // Nothing was kept of what was looked into.
      deepStrictEqual([...bob.files.names.keys()], []);
    }
  }
});

/** An epoch of a stranger's, as if it followed one that he can't read. */
async function forgedBehind(
  { id }: SealedAgent,
  { room, theirs, ids }: {
    readonly room: RoomName;
    readonly theirs: GivenRecord;
    readonly ids: readonly string[];
  },
): Promise<Uint8Array> {
  const identity = identityOf(new Uint8Array(32).fill(7));
  const read = readRecord(
    { room, author: theirs.author },
    theirs.body,
    new Verifier(),
  );
  if (!read.ok) throw new Error(read.reason);
  const { n, hash } = read.record;
  const head = { room, author: id, n: n + 1, parents: [hash] };
  const key = new Uint8Array(32).fill(9);
  const kc = await commitmentOf(key);
  const info = wrapInfo(head, kc);
  const wraps = await Promise.all(ids.map(async (one) => ({
    hint: hintOf(room, kc, one),
    ...await hpkeSeal(key, { to: agreementKeyOf(one)!, info }),
  })));
  const salt = new Uint8Array(32);
  const stateKey = await messageKey(new SourceKey(key), salt);
  const { body } = unsignedRecord({
    ...{ head, kc, wraps, salt, stateKey },
    state: {
      ...{ title: roomName("vault"), members: ids, admins: [id] },
      ...{ invites: [], back: [] },
    },
  });
  const record = readUnsigned({ room, author: id }, body)!;
  return joined(body, identity.sign(epochStatement(record)));
}

Deno.test("a full disk between a record and its key: the record waits, nothing under it is lost", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  bob.files.troubles.set("write", new Error("No space left on device"));
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: agent(9).id, change: "add" }),
  );
  await say(hub, ada, "while the disk is full");
  await hub.goOn(5_000);
  deepStrictEqual(await bob.texts("vault"), []);
  bob.files.troubles.clear();
  await bob.hears("while the disk is full");
});

Deno.test("a clone: two daemons with one key are told, here and to others", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  await say(hub, bob, "the first bob");
  await ada.hears("the first bob");
  // Another host with a copy of all files, some time later.
  await hub.goOn(10_000);
  const copy = await SealedAgent.make(hub, { number: 2, name: "copy" });
  for (const [path, inode] of bob.files.names) {
    copy.files.names.set(path, inode);
  }
  copy.close();
  for (const file of Deno.readDirSync(bob.folder)) {
    Deno.copyFileSync(
      `${bob.folder}/${file.name}`,
      `${copy.folder}/${file.name}`,
    );
  }
  copy.open();
  await hub.until(() => copy.session.status().rooms[0]?.joined === true);
  await say(hub, copy, "the second bob");
  await ada.hears("the second bob");
  await hub.goOn(10_000);
  bob.cut();
  await hub.until(() => bob.session.status().rooms[0]?.joined === true);
  await say(hub, bob, "the first bob again");
  await ada.hears("the first bob again");
  const { members } = await waitFor(hub, ada.session.members(VAULT));
  const told = members.find(({ id }) => id === bob.id);
  strictEqual(told?.two_daemons, true);
  await hub.until(() =>
    bob.session.status().warnings.some((one) => /two daemons/.test(one))
  );
  match(bob.session.status().warnings.join(), /two daemons use this key/);
  // What doctor looks for is what the daemon says.
  strictEqual(daemonFinding(bob.session.status()).level, "fault");
});

Deno.test("a record of ours that the relay did not take is said again, until it is there", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  const send = hub.say.bind(hub);
  let refused = 0;
  hub.say = (by, message) => {
    if (refused < 2 && message.text.startsWith("agentnet-e2e-1.e.")) {
      refused++;
      throw new Error("the line broke");
    }
    return send(by, message);
  };
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: agent(9).id, change: "add" }),
  );
  const before = hub.said.filter(isRecord).length;
  await hub.until(() => hub.said.filter(isRecord).length > before);
  await say(hub, ada, "under the new key");
  await bob.hears("under the new key");
  strictEqual(refused, 2);
});

Deno.test("history join: who comes later reads nothing of before, and is let in by who invited alone", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  await vaultOf(hub, [ada], "join");
  await say(hub, ada, "before bob");
  const { invite } = await waitFor(
    hub,
    ada.session.invite({ ...VAULT, for_ms: 3_600_000 }),
  );
  await waitFor(hub, bob.session.join_private({ invite }));
  await say(hub, ada, "after bob");
  await bob.hears("after bob");
  const { messages } = await waitFor(
    hub,
    bob.session.history({ ...VAULT, limit: 50 }),
  );
  deepStrictEqual(messages.map(({ text }) => text), ["after bob"]);
});
