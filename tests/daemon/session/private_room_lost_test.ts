import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { APPLICATION_ID, VERSIONS } from "../../../daemon/mailbox/schema.ts";
import { openSqlite } from "../../../lib/sql/sql.ts";
import { agent } from "../../fakes/agents.ts";

import { SealedHub } from "../../fakes/sealed_hub.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { adaAndBob, isKind, say } from "../../fakes/sealed_scene.ts";

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
