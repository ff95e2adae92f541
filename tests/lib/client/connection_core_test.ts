import assert from "node:assert/strict";
import fc from "fast-check";
import { connect } from "../../../lib/client/connection.ts";
import {
  clientRig,
  codeOf,
  connectedRig,
  watch,
} from "../../fakes/client_rig.ts";

const AGENT = { id: "a", name: "b" };
const JOINED = { type: "room.member_joined", room: "x", agent: AGENT };

Deno.test("heartbeat: a ping every 20 to 25 s, and each pong counts as a sign of life", async () => {
  const { connection, relay, heard, clock } = await connectedRig("go");
  const start = connection.lastPongAt;
  for (let i = 0; i < 10; i++) await clock.advance(25_000);
  const pings = relay.of("ping").length;
  assert.ok(pings >= 10 && pings <= 13, `${pings} pings`);
  assert.equal(heard.pongs.length, pings);
  assert.ok(connection.lastPongAt > start + 200_000);
  connection.close();
});

Deno.test("heartbeat: no pong for 15 s after a ping ends the connection as silent", async () => {
  const { connection, relay, heard, clock } = await connectedRig("go");
  relay.mute("ping");
  await clock.advance(40_000);
  assert.deepEqual(heard.ends.map((end) => end.kind), ["silent"]);
  assert.ok(relay.line.closed);
  assert.equal(clock.pending, 0);
  await assert.rejects(connection.ping(), { code: "NOT_CONNECTED" });
});

Deno.test("heartbeat: pongs that nobody asked for don't keep a silent line alive", async () => {
  const { relay, heard, clock } = await connectedRig("go");
  relay.mute("ping");
  relay.line.deliver({ type: "pong" });
  assert.deepEqual(heard.dropped, ["unexpected pong"]);
  await clock.advance(40_000);
  assert.deepEqual(heard.ends.map((end) => end.kind), ["silent"]);
});

Deno.test("ping: resolves to the round trip", async () => {
  const { connection, relay, clock } = await connectedRig("go");
  relay.mute("ping");
  const seen = watch(connection.ping());
  await clock.advance(120);
  relay.line.deliver({ type: "pong" });
  await clock.advance(0);
  assert.equal(seen.value, 120);
  connection.close();
});

for (
  const [name, code, reason, kind] of [
    ["our relay's code", 4001, "", "newer_login"],
    ["'newer' in the reason", 1000, "a newer login", "newer_login"],
    ["'replaced' in the reason", 1008, "Replaced", "newer_login"],
    ["'another' in the reason", 1000, "logged in from another", "newer_login"],
    ["a broken rule", 1008, "rules", "relay_refused"],
    ["no reason", 1006, "", "lost"],
    ["a shutdown", 1001, "going away", "lost"],
    ["'another' at a restart", 1012, "another takes over", "lost"],
  ] as const
) {
  Deno.test(`ended: a close with ${name} is ${kind}`, async () => {
    const { relay, heard, clock } = await connectedRig("go");
    relay.line.end(code, reason);
    await clock.advance(100_000);
    assert.deepEqual(heard.ends.map((end) => end.kind), [kind]);
    assert.equal(clock.pending, 0);
  });
}

Deno.test("ended: an error out of nowhere, then a close, is relay_refused with its words", async () => {
  const { relay, heard } = await connectedRig("go");
  relay.line.deliver({ type: "error", code: "X", message: "too\u0007 loud" });
  relay.line.end(1000, "");
  assert.deepEqual(heard.ends, [
    { kind: "relay_refused", reason: "too\ufffd loud" },
  ]);
});

Deno.test("ended: an error after which the relay went on is not why it closes later", async () => {
  const { relay, heard } = await connectedRig("go");
  relay.line.deliver({ type: "error", code: "X", message: "too loud" });
  relay.line.deliver(JOINED);
  relay.line.end(1006, "");
  assert.deepEqual(heard.ends.map((end) => end.kind), ["lost"]);
});

Deno.test("ended: by close(), once and last", async () => {
  const { connection, relay, heard, clock } = await connectedRig("go");
  connection.close();
  connection.close();
  relay.line.deliver(JOINED);
  await clock.advance(0);
  assert.deepEqual(heard.log, ["ended closed_by_us"]);
});

Deno.test("ended: whoever asked something sees its outcome before the owner sees the end", async () => {
  const { connection, relay, heard, clock } = await connectedRig("go");
  relay.overrides.set("room.join", (_, line) => line.end(1006, ""));
  const log = ({ code }: { readonly code: string }) => heard.log.push(code);
  void connection.join("x").catch(log);
  await clock.advance(0);
  assert.deepEqual(heard.log, ["OUTCOME_UNKNOWN", "ended lost"]);
});

Deno.test("connect: whoever awaits the login sees it before what came right behind it", async () => {
  const { relay, heard, clock, options } = clientRig("go");
  const dial: typeof options.dial = (url, events, signal) =>
    relay.dial(url, {
      text: (text) => {
        events.text(text);
        if (text.includes("welcome")) events.text(JSON.stringify(JOINED));
      },
      refused: (reason) => events.refused(reason),
      overrun: () => events.overrun(),
      ended: (end) => events.ended(end),
    }, signal);
  void connect({ ...options, dial }).then(() => heard.log.push("connected"));
  await clock.advance(0);
  assert.deepEqual(heard.log, ["connected", "push room.member_joined"]);
});

Deno.test("ended: a frame over 1 MB is frame_too_large", async () => {
  const { relay, heard } = await connectedRig("go");
  relay.line.refuse("too large");
  assert.deepEqual(heard.ends.map((end) => end.kind), ["frame_too_large"]);
});

Deno.test("pushes: malformed and binary frames are counted, unknown types ignored, the line goes on", async () => {
  const { connection, relay, heard } = await connectedRig("go");
  relay.line.deliver("{");
  relay.line.deliver("[]");
  relay.line.deliver({ type: "message", room: "x" });
  relay.line.refuse("binary");
  relay.line.deliver({ type: "from.the.future" });
  relay.line.deliver(JOINED);
  assert.equal(heard.dropped.length, 4);
  assert.equal(heard.pushes.length, 1);
  assert.equal(await connection.ping(), 0);
  connection.close();
});

Deno.test("pushes: a message comes with the raw object that its signature covers", async () => {
  const { connection, relay, heard } = await connectedRig("go");
  const message = {
    ...{ type: "message", id: "1", room: "x", from: "a", extra: [1] },
    ...{ content: { type: "text", text: "t" }, timestamp: 1 },
  };
  relay.line.deliver(message);
  const [push] = heard.pushes;
  assert.ok(push && "raw" in push);
  assert.deepEqual(push.raw, message);
  connection.close();
});

Deno.test("pushes: an owner that throws ends the connection, not the process", async () => {
  const rig = clientRig("go");
  const events = {
    ...rig.options.events,
    push: () => {
      throw new Error("ours");
    },
  };
  const connection = await connect({ ...rig.options, events });
  rig.relay.line.deliver(JOINED);
  rig.relay.line.deliver(JOINED);
  await rig.clock.advance(0);
  assert.deepEqual(rig.heard.ends.map((end) => end.kind), ["lost"]);
  assert.match(rig.heard.ends[0]?.reason ?? "", /ours/);
  assert.equal(connection.lastPongAt > 0, true);
});

Deno.test("connection: whatever a relay sends, nothing throws and every operation comes to an end", async () => {
  const types = fc.constantFrom(
    ...["error", "pong", "room.joined", "message.ack", "welcome", "message"],
    ...["rooms.list.result", "pow.challenge", "room.closed", "nonsense"],
  );
  const oddity = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>("x", "m1", 0, null, []),
  );
  const frame = fc.record({
    type: types,
    ...{ room: oddity, id: oddity, ref: oddity, code: oddity },
    ...{ message: oddity, seq: oddity, received_at: oddity, rooms: oddity },
    ...{ challenge: oddity, difficulty: oddity, members: oddity },
  }, { requiredKeys: ["type"] });
  const noise = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    frame.map((value) => JSON.stringify(value)),
  );
  const script = fc.array(fc.array(noise, { maxLength: 8 }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(script, async (bursts) => {
      const { connection, relay, heard, clock } = await connectedRig("ack");
      for (const type of ["room.join", "message", "ping"] as const) {
        relay.mute(type);
      }
      relay.mute("room.create");
      const operations = [
        watch<unknown>(connection.send({ id: "m1", room: "x", text: "t" })),
        watch<unknown>(connection.create({ room: "x", topic: "", tags: [] })),
        watch<unknown>(connection.join("x")),
        watch<unknown>(connection.ping()),
      ];
      for (const burst of bursts) {
        for (const text of burst) relay.line.deliver(text);
        await clock.advance(1_000);
      }
      await clock.advance(120_000);
      connection.close();
      await clock.advance(0);
      for (const seen of operations) {
        assert.ok("value" in seen || "error" in seen);
        if ("error" in seen) assert.match(codeOf(seen), /^[A-Z_]+$/);
      }
      assert.equal(heard.ends.length, 1);
      assert.equal(clock.pending, 0);
    }),
    { numRuns: 60 },
  );
});
