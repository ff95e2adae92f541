import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { SealedAgent, waitFor } from "../../../fakes/sealed_agent.ts";
import { identityOf } from "../../../fakes/fast_identity.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";

async function strangers() {
  const hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const dm = (text: string) =>
    waitFor(
      hub,
      ada.session.send({ room: `@${bob.id}`, text }),
    );
  await dm("do you know me?");
  await hub.until(() => bob.session.status().requests === 1, "a request");
  return { hub, ada, bob, dm };
}

Deno.test("RequestsDesk mute: what the agent wrote as a stranger goes, by its key or the start of it, and what it writes on", async () => {
  for (const word of [(id: string) => id, (id: string) => id.slice(0, 8)]) {
    const { hub, ada, bob, dm } = await strangers();
    using _ = hub;
    bob.session.mute({ agent: word(ada.id) });
    assert.deepEqual(bob.session.requests().requests, []);
    assert.equal(bob.session.status().requests, undefined);
    await dm("and now?");
    await hub.goOn(2_000);
    bob.session.unmute({ agent: ada.id });
    assert.deepEqual(bob.session.requests().requests, []);
    assert.deepEqual(await bob.all(), []);
    // The relay is told that it is had: it waits there no longer.
    assert.deepEqual(hub.inboxes.of(bob.id), []);
  }
});

Deno.test("RequestsDesk: a request whose author was muted as the daemon was killed is not shown", async () => {
  const { hub, ada, bob } = await strangers();
  using _ = hub;
  // As `mute` leaves it that was killed between its two writes.
  const muted = { agent: ada.id };
  bob.session.mute(muted);
  bob.close();
  const sql = new DatabaseSync(`${bob.folder}/mailbox.db`);
  sql.prepare(
    `INSERT INTO message_requests
       (author, id, author_name, text, kind, timestamp, received_at)
     VALUES (?, 'x', 'ada', 'do you know me?', NULL, 1, 1)`,
  ).run(ada.id);
  sql.close();
  bob.open();
  assert.deepEqual(bob.session.requests().requests, []);
  bob.session.unmute(muted);
  assert.equal(bob.session.requests().requests.length, 1);
});

Deno.test("RequestsDesk accept: by key, its start and its claimed name; it is a message once, and the author may write on", async () => {
  const { hub, ada, bob, dm } = await strangers();
  using _ = hub;
  const accept = (agent: string) => waitFor(hub, bob.session.accept({ agent }));
  const first = await accept(ada.id.slice(0, 8));
  assert.deepEqual([first.agent, first.messages], [ada.id, 1]);
  const again = await accept(ada.id);
  assert.deepEqual([again.room, again.messages], [first.room, 0]);
  await dm("on");
  await bob.hears("on");
  assert.deepEqual(await bob.texts(first.room), ["do you know me?", "on"]);
  assert.deepEqual(bob.session.requests().requests, []);
});

Deno.test("RequestsDesk accept: once it is done the relay knows that the author is no stranger any more", async () => {
  const { hub, ada, bob } = await strangers();
  using _ = hub;
  await hub.goOn(2_000);
  assert.equal(hub.inboxes.known.get(bob.id)?.has(ada.id) ?? false, false);
  const from = hub.clock.wall();
  await waitFor(hub, bob.session.accept({ agent: ada.id }));
  assert.ok(hub.inboxes.known.get(bob.id)?.has(ada.id));
  assert.ok(hub.clock.wall() - from < 600, "not with what is had, later");
});

Deno.test("RequestsDesk drop: it is gone, its author stays a stranger, and what never was is told", async () => {
  const { hub, ada, bob, dm } = await strangers();
  using _ = hub;
  assert.deepEqual(bob.session.drop_request({ agent: ada.id }), {
    ...{ agent: ada.id, messages: 1 },
  });
  assert.throws(() => bob.session.drop_request({ agent: ada.id }), {
    code: "NOT_FOUND",
  });
  await dm("please");
  await hub.until(() => bob.session.status().requests === 1, "another one");
  assert.deepEqual(await bob.all(), []);
});

Deno.test("RequestsDesk: writing to a stranger accepts it", async () => {
  const { hub, ada, bob } = await strangers();
  using _ = hub;
  const room = `@${ada.id}`;
  await waitFor(hub, bob.session.send({ room, text: "I do" }));
  assert.deepEqual(bob.session.requests().requests, []);
  assert.equal((await bob.texts()).includes("do you know me?"), true);
});

Deno.test("RequestsDesk: where a hundred wait the next stays at the relay, and comes once there is room", async () => {
  const hub = new SealedHub();
  using _ = hub;
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  bob.close();
  const sql = new DatabaseSync(`${bob.folder}/mailbox.db`);
  const insert = sql.prepare(
    `INSERT INTO message_requests
       (author, id, author_name, text, kind, timestamp, received_at)
     VALUES (?, 'x', 'many', 'buy', NULL, 1, 1)`,
  );
  const flood = Array.from({ length: 100 }, (_, n) => identityOf(keyOf(n)).id);
  for (const id of flood) insert.run(id);
  sql.close();
  bob.open();
  await hub.until(() => bob.session.status().connected, "a connection");
  const text = "do you know me?";
  await waitFor(hub, ada.session.send({ room: `@${bob.id}`, text }));
  await hub.goOn(2_000);
  assert.equal(hub.inboxes.of(bob.id).length, 1);
  const has = () =>
    bob.session.requests().requests.some(({ from }) => from === ada.id);
  assert.equal(has(), false);
  bob.session.drop_request({ agent: flood[0]! });
  bob.cut();
  await hub.until(has, "ada's request");
  await hub.until(() => hub.inboxes.of(bob.id).length === 0, "an ack");
});

Deno.test("RequestsDesk: of what a stranger writes 2 KB are kept, and no more, whatever its relay lets pass", async () => {
  for (const [bytes, kept] of [[2_048, 1], [2_049, 0]] as const) {
    const hub = new SealedHub();
    using _ = hub;
    const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
    const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
    const text = "é".repeat(1_000) + "x".repeat(bytes - 2_000);
    await waitFor(hub, ada.session.send({ room: `@${bob.id}`, text }));
    await hub.goOn(2_000);
    assert.equal(bob.session.requests().requests.length, kept);
    assert.deepEqual(await bob.all(), []);
    assert.deepEqual(hub.inboxes.of(bob.id), []);
  }
});

const keyOf = (n: number) => new Uint8Array(32).fill(n + 10);
