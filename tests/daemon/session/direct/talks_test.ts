import assert from "node:assert/strict";
import { SealedAgent, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";

/** Bob has a talk with one who goes by a name of her choice, and knows the true one. */
async function impostor(nameOf: (trueOne: SealedAgent) => string) {
  const hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const name = nameOf(ada);
  const mallory = await SealedAgent.make(hub, { number: 3, name });
  hub.inboxes.names.set(mallory.id, name);
  await waitFor(
    hub,
    mallory.session.send({ room: `@${bob.id}`, text: "it is me" }),
  );
  await hub.until(() => bob.session.status().requests === 1, "a request");
  const { room } = await waitFor(
    hub,
    bob.session.accept({ agent: mallory.id }),
  );
  const send = (room: string, reply_to?: string) =>
    waitFor(
      hub,
      bob.session.send({
        ...{ room, text: "for ada alone" },
        ...(reply_to === undefined ? {} : { reply_to }),
      }),
    );
  return { hub, ada, bob, mallory, name, room: `${room}`, send };
}

Deno.test("Talks checkMeant: a name pinned to one agent reaches no other whose talk had it first; an answer goes where the message stands", async () => {
  const { hub, ada, bob, mallory, room, send } = await impostor(() => "ada");
  using _ = hub;
  assert.equal(room, "@ada");
  await bob.session.pin({ agent: ada.id, name: "Ada" });
  for (const word of ["@ada", "@Ada"]) {
    await assert.rejects(send(word), { code: "USAGE" });
  }
  assert.deepEqual(await mallory.texts(), ["it is me"]);
  const [asked] = await bob.all(room);
  assert.equal((await send(room, asked?.id)).room, room);
  await mallory.hears("for ada alone");
  assert.notEqual((await send(`@${ada.id}`)).room, room);
  await hub.until(() => ada.session.status().requests === 1, "for ada");
});

Deno.test("Talks checkMeant: who goes by the start of another's key gets nothing that is for that key", async () => {
  const { hub, ada, bob, mallory, name, send } = await impostor(
    ({ id }) => id.slice(0, 8),
  );
  using _ = hub;
  await bob.session.pin({ agent: ada.id, name: "countess" });
  await assert.rejects(send(`@${name}`), { code: "USAGE" });
  assert.deepEqual(await mallory.texts(), ["it is me"]);
  // A name that is one's own, by key or by pin, is as good as ever.
  await send(`@${mallory.id}`);
  await bob.session.pin({ agent: mallory.id, name: "mallory" });
  await send("@countess");
  await hub.until(() => ada.session.status().requests === 1, "for ada");
});

Deno.test("Talks with: a claimed name that is pinned to another, or one's own, is told apart by the key", async () => {
  for (const claimed of ["ada", "ADA", "Bob"]) {
    const hub = new SealedHub();
    using _ = hub;
    const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
    const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
    const eve = await SealedAgent.make(hub, { number: 3, name: claimed });
    hub.inboxes.names.set(eve.id, claimed);
    await bob.session.pin({ agent: ada.id, name: "ada" });
    await waitFor(hub, eve.session.send({ room: `@${bob.id}`, text: "hi" }));
    await hub.until(() => bob.session.status().requests === 1, "a request");
    const { room } = await waitFor(
      hub,
      bob.session.accept({ agent: eve.id }),
    );
    const key = eve.id.slice(0, 8).toLowerCase();
    assert.equal(room, `@${claimed.toLowerCase()}-${key}`);
  }
});
