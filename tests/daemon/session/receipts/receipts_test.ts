import assert from "node:assert/strict";
import { Failure } from "../../../../lib/errors.ts";
import type { ReceiptPolicy } from "../../../../lib/local_api/receipt_policy.ts";
import type { AuthorMarks } from "../../../../lib/protocol/marks_frames.ts";
import type { PeerIdentity } from "../../../fakes/fast_identity.ts";
import { signedMarks } from "../../../fakes/signed_marks.ts";
import { agent } from "../../../fakes/agents.ts";
import { ADA, BOB, ME, SessionRig } from "../../../fakes/session_rig.ts";

/** In "tea" with Ada and Bob. */
async function inTea(
  receipts: ReceiptPolicy = "shown",
  others: readonly string[] = [ADA.id, BOB.id],
): Promise<SessionRig> {
  const rig = new SessionRig({ settings: { receipts } });
  rig.relay.others = [...others];
  rig.relay.makeRoom("tea");
  rig.session.start();
  await rig.clock.advance(5_000);
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(1_000);
  return rig;
}

/** Passes on what a reader tells of our messages. */
function mark(
  { relay, clock }: SessionRig,
  room: string,
  by: PeerIdentity,
  marks: readonly AuthorMarks[],
  forged = false,
): void {
  const told = { room, marks, timestamp: clock.wall() };
  const frame = signedMarks(by, told, forged);
  relay.send({ marks: frame, raw: { ...frame } });
}

const WANTED = { more: { receipt: "shown" } };
const of = (author: string, delivered: string[], shown: string[]) => ({
  room: "tea",
  marks: [{ author, delivered, shown }],
});

Deno.test("Receipts: who asks is told that it arrived, then that it was shown, once each; who does not is told nothing", async () => {
  using rig = await inTea();
  const id = `${rig.relay.say("tea", ADA, "asked", WANTED).id}`;
  rig.relay.say("tea", ADA, "plain");
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.relay.marks, [of(ADA.id, [id], [])]);
  const [first] = await rig.all();
  rig.session.read({ cursor: (first?.cursor ?? 0) + 1, room: "tea" });
  await rig.clock.advance(60_000);
  assert.deepEqual(rig.relay.marks.slice(1), [of(ADA.id, [], [id])]);
});

Deno.test("Receipts: at most one frame a room each 10 s, whatever comes; shown says delivered too", async () => {
  using rig = await inTea();
  const ids: string[] = [];
  for (let second = 0; second < 60; second++) {
    ids.push(`${rig.relay.say("tea", ADA, `${second}`, WANTED).id}`);
    await rig.clock.advance(1_000);
    const newest = (await rig.all()).at(-1)?.cursor ?? 0;
    rig.session.read({ cursor: newest });
  }
  await rig.clock.advance(20_000);
  const { marks } = rig.relay;
  assert.ok(marks.length >= 6 && marks.length <= 8, `${marks.length}`);
  const shown = marks.flatMap((one) => one.marks.flatMap((all) => all.shown));
  assert.deepEqual(shown.sort(), ids.sort());
});

Deno.test("Receipts: delivered alone, or nothing, where this agent's user wants that", async () => {
  for (const policy of ["delivered", "off"] as const) {
    using rig = await inTea(policy);
    const id = `${rig.relay.say("tea", ADA, "asked", WANTED).id}`;
    await rig.clock.advance(20_000);
    rig.session.read({ cursor: 1_000 });
    await rig.clock.advance(20_000);
    const told = policy === "off" ? [] : [of(ADA.id, [id], [])];
    assert.deepEqual(rig.relay.marks, told);
  }
});

Deno.test("Receipts: where delivered alone is told, what was shown before that is told so too", async () => {
  using rig = await inTea("delivered");
  const id = `${rig.relay.say("tea", ADA, "asked", WANTED).id}`;
  await rig.clock.advance(10);
  rig.session.read({ cursor: 1_000 });
  await rig.clock.advance(20_000);
  assert.deepEqual(rig.relay.marks, [of(ADA.id, [id], [])]);
});

Deno.test("Receipts: once nothing is to be told, nothing of what came until then is, nor later", async () => {
  using rig = await inTea();
  rig.relay.refuse = (operation) =>
    operation === "marks tea" ? new Failure("NOT_CONNECTED") : undefined;
  rig.relay.say("tea", ADA, "asked", WANTED);
  await rig.clock.advance(5_000);
  rig.relay.refuse = () => undefined;
  await rig.restart({ receipts: "off" });
  await rig.clock.advance(30_000);
  rig.session.read({ cursor: 1_000 });
  await rig.clock.advance(30_000);
  assert.deepEqual(rig.relay.marks, []);
  await rig.restart({ receipts: "shown" });
  await rig.clock.advance(30_000);
  assert.deepEqual(rig.relay.marks, []);
});

Deno.test("Receipts: nothing in a room of more than 16, to a muted voice, or of what nobody signed", async () => {
  for (const others of [16, 99]) {
    const crowd = Array.from(
      { length: others },
      (_, n) => n < 1 ? ADA.id : `agent${n}`,
    );
    using large = await inTea("shown", crowd);
    large.relay.say("tea", ADA, "asked", WANTED);
    await large.clock.advance(20_000);
    assert.deepEqual(large.relay.marks, []);
  }
  using rig = await inTea();
  rig.session.mute({ agent: ADA.id });
  rig.relay.say("tea", ADA, "asked", WANTED);
  rig.relay.say("tea", BOB, "asked", WANTED);
  await rig.clock.advance(20_000);
  assert.deepEqual(
    rig.relay.marks.map((one) => one.marks.map(({ author }) => author)),
    [[BOB.id]],
  );
});

Deno.test("Receipts: what can't be told now is told when there is a line again, also after a restart of the daemon", async () => {
  for (const isKilled of [false, true]) {
    using rig = await inTea();
    rig.relay.refuse = (operation) =>
      operation === "marks tea" ? new Failure("NOT_CONNECTED") : undefined;
    const id = `${rig.relay.say("tea", ADA, "asked", WANTED).id}`;
    await rig.clock.advance(20_000);
    assert.deepEqual(rig.relay.marks, []);
    rig.relay.refuse = () => undefined;
    if (isKilled) await rig.restart();
    else rig.relay.cut();
    await rig.clock.advance(30_000);
    assert.deepEqual(rig.relay.marks, [of(ADA.id, [id], [])]);
  }
});

Deno.test("Receipts: ids as long as they may be go out in frames that a relay takes, all of them in the end", async () => {
  const authors = Array.from({ length: 10 }, (_, n) => agent(20 + n));
  using rig = await inTea("shown", authors.map(({ id }) => id));
  const ids = Array.from({ length: 450 }, (_, n) => `${n}-`.padEnd(128, "x"));
  for (const [n, id] of ids.entries()) {
    rig.relay.say("tea", authors[n % 10]!, "asked", { id, ...WANTED });
  }
  await rig.clock.advance(120_000);
  const told = rig.relay.marks.flatMap(({ marks }) =>
    marks.flatMap(({ delivered }) => delivered)
  );
  assert.deepEqual(told.sort(), ids.sort());
  for (const frame of rig.relay.marks) {
    assert.ok(JSON.stringify(frame).length < 50_000);
  }
});

Deno.test("Receipts: nobody is told of a room that was left, and what waits there keeps nobody else waiting", async () => {
  using rig = await inTea();
  rig.relay.say("tea", ADA, "asked", WANTED);
  await rig.session.leave({ room: "tea" });
  await rig.clock.advance(20_000);
  assert.deepEqual(rig.relay.marks, []);
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(20_000);
  assert.deepEqual(rig.relay.marks, []);
});

Deno.test("Receipts: what readers tell of ours is counted once a reader, and only what was asked for", async () => {
  using rig = await inTea();
  const send = async (text: string, receipt: boolean) =>
    (await rig.session.send({
      room: "tea",
      text,
      ...(receipt ? { receipt } : {}),
    })).id;
  const [asked, plain] = [
    await send("asked", true),
    await send("plain", false),
  ];
  assert.equal(rig.relay.taken[0]?.receipt, true);
  assert.ok(!rig.relay.taken[1]?.receipt);
  const receipts = () =>
    rig.session.sent({ limit: 10 }).sent.map((one) => one.receipts).reverse();
  assert.deepEqual(receipts(), [{ delivered: 0, shown: 0, of: 2 }, undefined]);
  const tell = (delivered: string[], shown: string[]) => [
    { author: ME.id, delivered, shown },
  ];
  mark(rig, "tea", BOB, tell([asked, plain, "nothing"], []));
  mark(rig, "tea", BOB, tell([asked], []));
  assert.deepEqual(receipts(), [{ delivered: 1, shown: 0, of: 2 }, undefined]);
  mark(rig, "tea", BOB, tell([], [asked]));
  mark(rig, "tea", BOB, tell([asked], []));
  mark(rig, "tea", ADA, tell([asked], []));
  assert.deepEqual(receipts()[0], { delivered: 2, shown: 1, of: 2 });
});

Deno.test("Sending: where readers can't tell, who asks for a receipt hears that, and none is asked", async () => {
  const crowd = Array.from({ length: 17 }, (_, n) => `agent${n}`);
  using rig = await inTea("shown", crowd);
  const send = { room: "tea", text: "x" };
  const large = await rig.session.send({ ...send, receipt: true });
  assert.equal(large.receipt, false);
  assert.ok(!rig.relay.taken[0]?.receipt);
  assert.equal((await rig.session.send(send)).receipt, undefined);
  using small = await inTea();
  const asked = await small.session.send({ ...send, receipt: true });
  assert.equal(asked.receipt, true);
});

Deno.test("Receipts: nobody else's, no forged one, none from outside the room, and none of another room counts", async () => {
  using rig = await inTea("shown", [BOB.id]);
  rig.relay.makeRoom("lab");
  await rig.session.join({ room: "lab" });
  const { id } = await rig.session.send({
    room: "tea",
    text: "x",
    receipt: true,
  });
  const forged = rig.session.status().forged;
  const told = [{ author: ME.id, delivered: [id], shown: [id] }];
  mark(rig, "tea", ADA, told);
  mark(rig, "tea", BOB, told, true);
  mark(rig, "lab", BOB, told);
  mark(rig, "tea", BOB, [{
    author: ADA.id,
    delivered: [id],
    shown: [id],
  }]);
  mark(rig, "tea", ME, told);
  const [sent] = rig.session.sent({ limit: 1 }).sent;
  assert.deepEqual(sent?.receipts, { delivered: 0, shown: 0, of: 1 });
  assert.equal(rig.session.status().forged, forged + 1);
});
