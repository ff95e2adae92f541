import assert from "node:assert/strict";
import { connect } from "../../../lib/client/connection.ts";
import {
  clientRig,
  codeOf,
  connectedRig,
  endlessProof,
  watch,
} from "../../fakes/client_rig.ts";

const AGENT = { id: "a", name: "b" };
const JOINED = { type: "room.member_joined", room: "x", agent: AGENT };

Deno.test("join: lowers the name, resolves to the room, and comes before what follows it on the line", async () => {
  const { connection, relay, heard, clock } = await connectedRig("go");
  relay.overrides.set("room.join", (_, line) => {
    line.deliver({ type: "room.joined", room: "x", topic: "t", members: null });
    line.deliver(JOINED);
    line.deliver({ ...JOINED, type: "room.member_left" });
    line.deliver({ type: "room.closed", room: "x", reason: "idle" });
  });
  void connection.join("X").then((room) => heard.log.push(`in ${room.room}`));
  await clock.advance(0);
  assert.deepEqual(heard.log, [
    "in x",
    "push room.member_joined",
    "push room.member_left",
    "push room.closed",
  ]);
  connection.close();
});

Deno.test("join: another room's answer is no answer, and told as one that nobody waits for", async () => {
  const { connection, relay, heard, clock } = await connectedRig("go");
  relay.mute("room.join");
  const seen = watch(connection.join("x"));
  await clock.advance(1);
  relay.line.deliver({ type: "room.joined", room: "y", members: [] });
  await clock.advance(1);
  assert.deepEqual(seen, {});
  assert.deepEqual(heard.log, ["push room.joined"]);
  connection.close();
});

Deno.test("join, list, history: after 10 s a join is OUTCOME_UNKNOWN, a question, which changes nothing, RELAY_SILENT", async () => {
  const { connection, relay, clock } = await connectedRig("ack");
  for (const type of ["room.join", "rooms.list", "room.history"] as const) {
    relay.mute(type);
  }
  for (
    const [ask, code] of [
      [() => connection.join("x"), "OUTCOME_UNKNOWN"],
      [() => connection.list(), "RELAY_SILENT"],
      [() => connection.history({ room: "x" }), "RELAY_SILENT"],
    ] as const
  ) {
    const seen = watch<unknown>(ask());
    await clock.advance(9_999);
    assert.deepEqual(seen, {});
    await clock.advance(1);
    assert.equal(codeOf(seen), code);
  }
  connection.close();
});

Deno.test("list, history: a question whose line ends is NOT_CONNECTED, for nothing is known against the relay", async () => {
  for (
    const [type, operation] of [
      ["rooms.list", "list"],
      ["room.history", "history"],
    ] as const
  ) {
    const { connection, relay, clock } = await connectedRig("ack");
    relay.mute(type);
    const seen = watch<unknown>(
      operation === "list"
        ? connection.list()
        : connection.history({ room: "x" }),
    );
    await clock.advance(1);
    assert.deepEqual(seen, {});
    connection.close();
    await clock.advance(1);
    assert.equal(codeOf(seen), "NOT_CONNECTED");
  }
});

Deno.test("join: a name that no room can have is refused without a frame", async () => {
  const { connection, relay } = await connectedRig("go");
  await assert.rejects(connection.join("no room"), {
    code: "ROOM_NAME_INVALID",
  });
  assert.equal(relay.of("room.join").length, 0);
  connection.close();
});

Deno.test("list: the late answer of a list given up is not the next one's", async () => {
  const { connection, relay, clock } = await connectedRig("go");
  relay.mute("rooms.list");
  relay.mute("ping");
  const first = watch(connection.list({ tags: ["one"] }));
  await clock.advance(10_000);
  assert.equal(codeOf(first), "RELAY_SILENT");
  const second = watch(connection.list({ tags: ["two"] }));
  await clock.advance(1);
  const page = (name: string) => ({
    type: "rooms.list.result",
    rooms: [{ name }],
  });
  relay.line.deliver(page("one"));
  relay.line.deliver({ type: "pong" });
  relay.line.deliver(page("two"));
  await clock.advance(0);
  assert.equal(second.value?.rooms[0]?.name, "two");
  connection.close();
});

Deno.test("history: UNKNOWN_TYPE without a frame on a relay that does not announce it", async () => {
  const { connection, relay } = await connectedRig("go");
  await assert.rejects(connection.history({ room: "x" }), {
    code: "UNKNOWN_TYPE",
  });
  assert.equal(relay.of("room.history").length, 0);
  connection.close();
});

Deno.test("history: asks for the page and gives it raw", async () => {
  const { connection, relay } = await connectedRig("ack");
  const page = await connection.history({ room: "x", after_seq: 7, limit: 9 });
  assert.deepEqual(page.messages, []);
  const [asked] = relay.of("room.history");
  assert.deepEqual([asked?.after_seq, asked?.limit], [7, 9]);
  connection.close();
});

for (const kind of ["go", "ack"] as const) {
  Deno.test(`leave: receipted by a pong, or refused, kind ${kind}`, async () => {
    const { connection, relay } = await connectedRig(kind);
    await connection.leave("x");
    relay.refuse("room.leave", { code: "NOT_IN_ROOM" });
    await assert.rejects(connection.leave("x"), { code: "NOT_IN_ROOM" });
    connection.close();
  });
}

Deno.test("leave: OUTCOME_UNKNOWN after 5 s without a pong", async () => {
  const { connection, relay, clock } = await connectedRig("go");
  relay.mute("ping");
  const seen = watch(connection.leave("x"));
  await clock.advance(5_000);
  assert.equal(codeOf(seen), "OUTCOME_UNKNOWN");
  connection.close();
});

Deno.test("create: finds the proof and sends it with a fresh nonce", async () => {
  const { connection, relay } = await connectedRig("go");
  const plan = { room: "x", topic: "t", tags: [" Rust ", ""] };
  const joined = await connection.create(plan);
  assert.equal(joined.room, "x");
  const [first, second] = relay.of("room.create");
  assert.deepEqual(first?.tags, ["rust"]);
  assert.equal(first?.pow, undefined);
  assert.ok(second?.pow);
  assert.notEqual(first?.nonce, second?.nonce);
  connection.close();
});

Deno.test("create: a relay that asks for no proof is fine", async () => {
  const { connection, relay } = await connectedRig("go");
  relay.overrides.set("room.create", (_, line) => {
    line.deliver({ type: "room.joined", room: "x" });
  });
  const joined = await connection.create({ room: "x", topic: "", tags: [] });
  assert.deepEqual(joined.members, []);
  connection.close();
});

Deno.test("create: ROOM_EXISTS on either step", async () => {
  for (const withProof of [false, true]) {
    const { connection, relay } = await connectedRig("go");
    relay.overrides.set("room.create", (frame, line) => {
      const has = frame.type === "room.create" && frame.pow !== undefined;
      if (has !== withProof) return true;
      line.deliver({ type: "error", code: "ROOM_EXISTS", message: "" });
    });
    await assert.rejects(
      connection.create({ room: "x", topic: "", tags: [] }),
      { code: "ROOM_EXISTS", message: /'x'/ },
    );
    connection.close();
  }
});

Deno.test("create: aborted while the proof is sought, it stops and lets the next operation run", async () => {
  const rig = clientRig("go");
  const { options, clock, relay } = rig;
  const search = endlessProof();
  const connection = await connect({
    ...options,
    findProof: (task, signal) =>
      (task.purpose === "login" ? options : search).findProof(task, signal),
  });
  const controller = new AbortController();
  const plan = { room: "x", topic: "", tags: [] };
  const seen = watch(connection.create(plan, controller));
  const next = watch(connection.join("y"));
  await clock.advance(1_000);
  assert.deepEqual(next, {});
  controller.abort(new Error("enough"));
  await clock.advance(0);
  assert.equal((seen.error as Error).message, "enough");
  assert.equal(search.stops, 1);
  assert.equal(next.value?.room, "y");
  assert.equal(relay.of("room.create").length, 1);
  connection.close();
});

Deno.test("create: aborted while it waits its turn, it sends nothing", async () => {
  const { connection, relay, clock } = await connectedRig("go");
  relay.mute("room.join");
  void watch(connection.join("y"));
  const controller = new AbortController();
  const plan = { room: "x", topic: "", tags: [] };
  const seen = watch(connection.create(plan, controller));
  await clock.advance(0);
  controller.abort(new Error("enough"));
  await clock.advance(20_000);
  assert.equal((seen.error as Error).message, "enough");
  assert.equal(relay.of("room.create").length, 0);
  connection.close();
});

Deno.test("create: the connection's end stops the proof", async () => {
  const rig = clientRig("go");
  const { options, clock, relay } = rig;
  const search = endlessProof();
  const connection = await connect({
    ...options,
    findProof: (task, signal) =>
      (task.purpose === "login" ? options : search).findProof(task, signal),
  });
  const seen = watch(connection.create({ room: "x", topic: "", tags: [] }));
  await clock.advance(1);
  relay.line.end();
  await clock.advance(0);
  assert.equal(codeOf(seen), "NOT_CONNECTED");
  assert.equal(search.stops, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("create: a difficulty past 24 is POW_TOO_HARD", async () => {
  const { connection, relay } = await connectedRig("go");
  relay.overrides.set("room.create", (_, line) => {
    line.deliver({ type: "pow.challenge", challenge: "c", difficulty: 25 });
  });
  await assert.rejects(connection.create({ room: "x", topic: "", tags: [] }), {
    code: "POW_TOO_HARD",
  });
  connection.close();
});
