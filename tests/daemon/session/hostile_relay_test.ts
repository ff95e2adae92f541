import assert from "node:assert/strict";
import { HostileRelay, type Lie, LIES } from "../../fakes/hostile_relay.ts";
import { ADA, BOB, SessionRig } from "../../fakes/session_rig.ts";

/** Of each kind; 1,001 in all. */
const EACH = 91;
const FORGED: readonly Lie[] = [
  "altered text",
  "another author",
  "another room",
  "another time",
  "another id",
  "another signature",
  "added field",
];

async function liars(features?: []): Promise<SessionRig> {
  const rig = await SessionRig.inTea({
    settings: { buffer: 50_000 },
    ...(features === undefined ? {} : { features }),
  });
  rig.relay.makeRoom("lab");
  await rig.session.join({ room: "lab" });
  await rig.clock.advance(10);
  return rig;
}

Deno.test("hostile relay: 1,000 altered, re-attributed, malformed, replayed and re-ordered frames are refused or marked", async () => {
  using rig = await liars();
  const relay = new HostileRelay(rig);
  for (let i = 0; i < EACH; i++) {
    for (const kind of LIES) relay.lie(kind, i);
    await rig.clock.advance(5);
  }
  const messages = await allOf(rig);
  const { forged, dropped_frames } = rig.session.status();
  assert.equal(forged, EACH * FORGED.length);
  assert.equal(dropped_frames, EACH);
  const shown = (text: RegExp) => messages.filter((one) => text.test(one.text));
  assert.equal(shown(/^good/).length, EACH, "a replay is shown once");
  assert.equal(shown(/key/).length, 0);
  const unsigned = messages.filter(({ verified }) => !verified);
  assert.equal(unsigned.length, EACH, "what has no signature is unverified");
  const swapped = shown(/^lie \d+$/).filter(({ verified }) => verified);
  assert.equal(swapped.length, EACH);
  assert.ok(
    swapped.every(({ late }) => late),
    "what came out of order is late",
  );
  assert.equal(messages.length, EACH * 4);
});

Deno.test("hostile relay: 10,000 good messages, none refused or marked", async () => {
  using rig = await liars();
  const relay = new HostileRelay(rig);
  for (let i = 0; i < 10_000; i++) {
    relay.good(i);
    if (i % 100 === 0) await rig.clock.advance(1);
  }
  const messages = await allOf(rig);
  assert.equal(messages.length, 10_000);
  assert.ok(messages.every(({ verified, late }) => verified && !late));
  const { forged, dropped_frames } = rig.session.status();
  assert.deepEqual([forged, dropped_frames], [0, 0]);
});

Deno.test("hostile relay: lies in history are refused like lies on the line", async () => {
  using rig = await liars();
  rig.relay.cut();
  const raw = rig.relay.say("tea", ADA, "true");
  const stored = rig.relay.rooms.get("tea")?.messages ?? [];
  stored.push(
    { ...rig.relay.frame("tea", ADA, { text: "a" }), from: BOB.id },
    { ...rig.relay.frame("tea", ADA, { text: "b" }), content: "b" },
    { ...raw, seq: Number(raw.seq) + 3 },
  );
  await rig.clock.advance(1_000);
  assert.deepEqual(await rig.texts("tea"), ["true"]);
  const { forged, dropped_frames } = rig.session.status();
  assert.deepEqual([forged, dropped_frames], [1, 1]);
});

Deno.test("hostile relay: history without end is read in bounded steps, and the session goes on", async () => {
  using rig = await liars();
  rig.relay.say("tea", ADA, "one");
  const endless = rig.relay.frame("tea", ADA, { text: "again" });
  rig.relay.cut();
  rig.relay.rooms.get("tea")?.messages.push(
    ...Array.from({ length: 400 }, () => endless),
  );
  await rig.clock.advance(2_000);
  const asked = rig.relay.asked.filter((one) => one === "history tea").length;
  assert.ok(asked <= 4, `${asked}`);
  rig.relay.say("tea", ADA, "two");
  await rig.clock.advance(100);
  assert.deepEqual(await rig.texts("tea"), ["one", "again", "two"]);
});

Deno.test("hostile relay: messages of rooms that we are not in are dropped", async () => {
  using rig = await liars();
  await rig.session.leave({ room: "lab" });
  rig.relay.deliver(rig.relay.frame("lab", ADA, { text: "psst" }));
  assert.deepEqual(await rig.texts("lab"), []);
  assert.equal(rig.session.status().dropped_frames, 1);
});

async function allOf(rig: SessionRig) {
  const signal = new AbortController().signal;
  const query = { all: true, limit: 20_000 };
  return (await rig.session.messages(query, signal)).messages;
}
