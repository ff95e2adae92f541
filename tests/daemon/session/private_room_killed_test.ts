import assert, { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openSqlite } from "../../../lib/sql/sql.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { adaAndBob, say } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

Deno.test("killed while a private room is made: it is not there, and its name is free for a public room and for another private one", async () => {
  for (const isPrivate of [false, true]) {
    using hub = new SealedHub();
    const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
    const connection = hub.connection.bind(hub);
    hub.connection = (by, events) => ({
      ...connection(by, events),
      create: () => new Promise(() => undefined),
    });
    await ada.restart();
    void Promise.allSettled([
      ada.session.create({ ...VAULT, private: true }),
    ]);
    await hub.goOn(2_000);
    hub.connection = connection;
    await ada.restart();
    await hub.goOn(10_000);
    deepStrictEqual(ada.session.status().rooms, []);
    const topic = "tea";
    await waitFor(
      hub,
      ada.session.create({ ...VAULT, topic, private: isPrivate }),
    );
    const [[wire, room] = assert.fail()] = [...hub.rooms];
    strictEqual(wire.startsWith("p-"), isPrivate);
    strictEqual(room.topic, isPrivate ? "" : "tea");
    deepStrictEqual(hub.rooms.size, 1);
    strictEqual(await say(hub, ada, "first"), "accepted");
  }
});

Deno.test("killed while it leaves a private room: what waited to be said there goes to no public room of that name", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  hub.rooms.clear();
  ada.cut();
  strictEqual(await say(hub, ada, "a secret that waits"), "queued");
  ada.close();
  const mailbox = openSqlite(`${ada.folder}/mailbox.db`);
  mailbox.exec("DELETE FROM rooms WHERE name = 'vault'");
  mailbox.close();
  bob.cut();
  const mal = await SealedAgent.make(hub, { number: 7, name: "mal" });
  await waitFor(hub, mal.session.create(VAULT));
  ada.open();
  await hub.until(() => ada.session.status().connected);
  await waitFor(hub, ada.session.join(VAULT));
  await hub.goOn(30_000);
  strictEqual(await say(hub, ada, "to all"), "accepted");
  await mal.hears("to all");
  deepStrictEqual(await mal.texts(), ["to all"]);
  strictEqual(JSON.stringify(hub.said).includes("a secret"), false);
  const { sent } = ada.session.sent({ limit: 5 });
  deepStrictEqual(sent.map(({ status }) => status), ["accepted", "failed"]);
});

Deno.test("killed while it enters a private room that it found again: it is found again", async () => {
  using hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const wire = await vaultOf(hub, [ada]);
  await say(hub, ada, "ada was here");
  ada.close();
  const mailbox = openSqlite(`${ada.folder}/mailbox.db`);
  mailbox.exec("DELETE FROM rooms WHERE name = 'vault'");
  mailbox.close();
  ada.open();
  await hub.until(() => ada.session.status().connected);
  const { rooms } = await waitFor(hub, ada.session.recover({}));
  deepStrictEqual(rooms, [{ name: "vault", wire, status: "recovered" }]);
  strictEqual(await say(hub, ada, "again"), "accepted");
});
