import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { ADA, BOB, SessionRig } from "../../fakes/session_rig.ts";

const MINUTE = 60_000;
const never = new AbortController().signal;

/** In "tea" with Ada and Bob, of whom the relay tells so. */
async function withBoth(): Promise<SessionRig> {
  const rig = new SessionRig();
  rig.relay.others = [ADA.id, BOB.id];
  rig.relay.makeRoom("tea");
  rig.session.start();
  await rig.clock.advance(5_000);
  await rig.session.join({ room: "tea" });
  rig.relay.presence = () => [
    { id: ADA.id, connected: true, last_heard: 5, wakeable: "no" },
    { id: BOB.id, connected: false, last_heard: 3 },
  ];
  return rig;
}

Deno.test("Presences.of: members with what the relay tells of them; as they are where it does not", async () => {
  using rig = await withBoth();
  const { members } = await rig.session.members({ room: "tea" });
  assert.deepEqual(members.map(({ name: _, joined_at: __, ...rest }) => rest), [
    { id: ADA.id, connected: true, last_heard: 5, wakeable: "no" },
    { id: BOB.id, connected: false, last_heard: 3 },
  ]);
  rig.relay.refuse = (operation) =>
    operation === "presence tea"
      ? new Failure("RATE_LIMITED", { retryAfterMs: 9 })
      : undefined;
  const plain = await rig.session.members({ room: "tea" });
  assert.deepEqual(Object.keys(plain.members[0] ?? {}).sort(), [
    ...["id", "joined_at", "name"],
  ]);
});

Deno.test("Presences.notWoken: those whom a text calls by @ and who don't hear it; nothing is asked for any other text", async () => {
  using rig = await withBoth();
  const asked = () =>
    rig.relay.asked.filter((one) => one === "presence tea").length;
  const sent = async (text: string) =>
    (await rig.session.send({ room: "tea", text })).not_woken;
  assert.equal(await sent("hello all"), undefined);
  assert.equal(await sent("mail x@example.org"), undefined);
  assert.equal(asked(), 0);
  assert.deepEqual(await sent(`@${ADA.id.slice(0, 8)} look`), [
    { id: ADA.id, name: "x", why: "no" },
  ]);
  assert.deepEqual(await sent(`@${BOB.id.slice(0, 8)} look`), [
    { id: BOB.id, name: "x", why: "away" },
  ]);
});

Deno.test("Presences.tell: the relay is told who waits to wake us, again by each connection, and not more often than it changes", async () => {
  using rig = await withBoth();
  assert.deepEqual(rig.relay.told, [{ wakeable: "no" }]);
  for (let i = 0; i < 5; i++) {
    const held = rig.session.wake({ watcher: "w", wait_ms: 25_000 }, never);
    await rig.clock.advance(25_000);
    assert.deepEqual(await held, {});
  }
  assert.deepEqual(rig.relay.told, [{ wakeable: "no" }, { wakeable: "yes" }]);
  rig.relay.cut();
  await rig.clock.advance(5_000);
  assert.deepEqual(rig.relay.told.at(-1), { wakeable: "yes" });
  await rig.clock.advance(MINUTE);
  assert.deepEqual(rig.relay.told.slice(2), [
    { wakeable: "yes" },
    { wakeable: "no" },
  ]);
});

Deno.test("Presences.tell: who waits for messages can be woken too, and what names it has woken it", async () => {
  using rig = await withBoth();
  const held = rig.session.messages({ wait_ms: 5 * MINUTE }, never);
  await rig.clock.advance(10);
  assert.deepEqual(rig.relay.told.at(-1), { wakeable: "yes" });
  rig.relay.say("tea", ADA, "@me look");
  await rig.clock.advance(10);
  const woken_at = rig.clock.wall();
  assert.equal((await held).messages.length, 1);
  const last = rig.relay.told.at(-1);
  assert.equal(last?.wakeable, "yes");
  assert.ok(Math.abs((last?.woken_at ?? 0) - woken_at) <= 10);
});
