import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { codeOf, watch } from "../../fakes/client_rig.ts";
import { ADA, BOB, ME, SessionRig } from "../../fakes/session_rig.ts";

const never = new AbortController().signal;

function isFailure(code: string) {
  return (error: unknown) => error instanceof Failure && error.code === code;
}

Deno.test("Session: starts with the relay down, says when it tries again, connects when it is there", async () => {
  using rig = new SessionRig();
  rig.relay.down = true;
  rig.session.start();
  await rig.clock.advance(0);
  const { state, connected, retry_at } = rig.session.status();
  assert.deepEqual([state, connected], ["waiting", false]);
  assert.ok(retry_at !== undefined && retry_at - rig.clock.wall() <= 500);
  await assert.rejects(
    rig.session.join({ room: "tea" }),
    isFailure("NOT_CONNECTED"),
  );
  await rig.clock.advance(120_000);
  assert.ok(rig.relay.connects > 4);
  rig.relay.down = false;
  await rig.clock.advance(30_000);
  assert.equal(rig.session.status().state, "connected");
});

Deno.test("Session: why there is no connection is said once, in status and in what waits for it", async () => {
  using rig = new SessionRig();
  rig.relay.down = true;
  rig.session.start();
  await rig.clock.advance(0);
  assert.equal(rig.session.status().reason, "refused");
  await assert.rejects(rig.session.join({ room: "tea" }), {
    message: "the daemon has no connection to the relay: refused",
  });
});

Deno.test("Session: one that was started again dials after a pause, which grows with each time, and says why", async () => {
  const pauses: number[] = [];
  for (const restartsInARow of [1, 3, 20]) {
    using rig = new SessionRig({
      ...{ workerRestarts: 50, restartsInARow },
      workerRestartReason: "it used too much memory",
      randomBytes: (count) => new Uint8Array(count).fill(255),
    });
    rig.session.start();
    await rig.clock.advance(0);
    const { state, reason, retry_at = 0 } = rig.session.status();
    assert.deepEqual([state, rig.relay.connects], ["waiting", 0]);
    assert.match(reason, /started again: it used too much memory/);
    pauses.push(retry_at - rig.clock.wall());
    await rig.clock.advance(30_000);
    assert.equal(rig.session.status().state, "connected");
  }
  assert.deepEqual(pauses, [999, 3_999, 29_999]);
});

Deno.test("Session: a refusal by the relay is shown and tried again", async () => {
  using rig = new SessionRig();
  rig.relay.refuse = () => new Failure("AUTH_FAILED");
  rig.session.start();
  await rig.clock.advance(0);
  assert.equal(rig.session.status().state, "refused");
  rig.relay.refuse = () => undefined;
  await rig.clock.advance(30_000);
  assert.equal(rig.session.status().state, "connected");
});

Deno.test("Session: a newer login is waited out for a minute", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut("newer_login");
  await rig.clock.advance(59_000);
  assert.equal(rig.relay.connects, 1);
  assert.match(rig.session.status().reason, /another daemon/);
  await rig.clock.advance(2_000);
  assert.equal(rig.relay.connects, 2);
});

Deno.test("Session: a clock far off is a plain warning", async () => {
  using rig = new SessionRig();
  rig.relay.skewMs = -9_000;
  rig.session.start();
  await rig.clock.advance(10);
  assert.match(rig.session.status().warnings.join(), /9 s behind/);
});

Deno.test("Session: live messages come in order, verified, with growing cursors", async () => {
  using rig = await SessionRig.inTea();
  for (const text of ["one", "two", "three"]) rig.relay.say("tea", ADA, text);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text }) => text), ["one", "two", "three"]);
  assert.ok(messages.every(({ verified, late }) => verified && !late));
  assert.deepEqual(messages.map(({ cursor }) => cursor), [1, 2, 3]);
});

Deno.test("Session: what was said while the line was cut is caught up, late, in order, once", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  for (let i = 0; i < 450; i++) rig.relay.say("tea", ADA, `away ${i}`);
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(100);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text }) => text), [
    "before",
    ...Array.from({ length: 450 }, (_, i) => `away ${i}`),
    "after",
  ]);
  assert.deepEqual([messages[0]?.late, messages[5]?.late], [false, true]);
  assert.equal(messages.at(-1)?.late, false);
  const page = await rig.session.messages({}, never);
  assert.deepEqual(page.gaps, []);
});

Deno.test("Session: what was said before joining is not shown, on this join or after a restart", async () => {
  using rig = new SessionRig();
  rig.relay.makeRoom("tea");
  rig.relay.say("tea", ADA, "long ago");
  rig.session.start();
  await rig.clock.advance(5_000);
  await rig.session.join({ room: "tea" });
  rig.relay.say("tea", ADA, "hello");
  await rig.clock.advance(10);
  await rig.restart();
  rig.relay.say("tea", ADA, "again");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["hello", "again"]);
});

Deno.test("Session: a restart remembers rooms, messages and read marks", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  rig.relay.say("tea", ADA, "two");
  rig.session.read({ cursor: 1 });
  await rig.restart();
  assert.deepEqual(rig.session.status().rooms, [
    { name: "tea", state: "joined", joined: true, unread: 1 },
  ]);
  const { messages } = await rig.session.messages({}, never);
  assert.deepEqual(messages.map(({ text }) => text), ["two"]);
});

Deno.test("Session: messages that the relay has no more are one gap with a count", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  for (let i = 0; i < 7; i++) {
    rig.relay.say("tea", ADA, "lost", { keep: false });
  }
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(1_000);
  const { gaps } = await rig.session.messages({}, never);
  assert.deepEqual(gaps, [{ room: "tea", count: 7, after: 1, before: 2 }]);
  assert.deepEqual(await rig.texts(), ["before", "after"]);
});

Deno.test("Session: a message that the relay skipped live is fetched before the next one gets its cursor", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  rig.relay.say("tea", ADA, "two", { deliver: false });
  rig.relay.say("tea", ADA, "three");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["one", "two", "three"]);
});

Deno.test("Session: the first messages of a room that was empty are live, in order, and none is skipped", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "lab" });
  await rig.clock.advance(10);
  rig.relay.say("lab", ADA, "one", { deliver: false });
  rig.relay.say("lab", ADA, "two");
  rig.relay.say("lab", ADA, "three");
  await rig.clock.advance(10);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text, late }) => [text, late]), [
    ["one", true],
    ["two", false],
    ["three", false],
  ]);
});

Deno.test("Session: own messages take numbers and leave no gap", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  await rig.session.send({ room: "tea", text: "mine" });
  await rig.session.send({ room: "tea", text: "mine too" });
  const asked = rig.relay.asked.length;
  rig.relay.say("tea", ADA, "two");
  await rig.clock.advance(10);
  assert.equal(rig.relay.asked.length, asked, "no history was needed");
  assert.deepEqual(await rig.texts(), ["one", "two"]);
});

Deno.test("Session: on a relay with REST alone, what was missed is caught up to a known message", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "before");
  rig.relay.down = true;
  rig.relay.cut();
  for (let i = 0; i < 230; i++) {
    await rig.clock.advance(1);
    rig.relay.say("tea", BOB, `away ${i}`);
  }
  rig.relay.down = false;
  await rig.clock.advance(2_000);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text }) => text), [
    "before",
    ...Array.from({ length: 230 }, (_, i) => `away ${i}`),
  ]);
  assert.deepEqual(messages.map(({ verified }) => verified).slice(0, 2), [
    true,
    false,
  ]);
  assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
});

Deno.test("Session: no history anywhere is a gap of unknown size", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "before");
  rig.relay.refuse = (operation) =>
    operation.startsWith("rest") ? new Failure("HISTORY_OFF") : undefined;
  rig.relay.cut();
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(10);
  const { gaps } = await rig.session.messages({}, never);
  assert.deepEqual(gaps, [{ room: "tea", after: 1, before: 2 }]);
});

Deno.test("Session: a history that never answers keeps live messages waiting for half a minute at most", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "before");
  rig.relay.refuse = (operation) =>
    operation.startsWith("rest") ? new Failure("NOT_CONNECTED") : undefined;
  rig.relay.cut();
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "after");
  assert.deepEqual(await rig.texts(), ["before"]);
  await rig.clock.advance(30_000);
  assert.deepEqual(await rig.texts(), ["before", "after"]);
  const { gaps } = await rig.session.messages({}, never);
  assert.deepEqual(gaps, [{ room: "tea", after: 1, before: 2 }]);
});

Deno.test("Session: forty rooms are joined again within a limit of ten a minute, none forgotten", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  for (let i = 0; i < 40; i++) {
    rig.relay.makeRoom(`room-${i}`);
    await rig.session.join({ room: `room-${i}` });
  }
  const times: number[] = [];
  rig.relay.refuse = (operation) => {
    if (!operation.startsWith("join")) return undefined;
    const now = rig.clock.monotonic();
    while (times[0] !== undefined && times[0] <= now - 60_000) times.shift();
    if (times.length < 10) {
      times.push(now);
      return undefined;
    }
    const retryAfterMs = (times[0] ?? now) + 60_000 - now;
    return new Failure("RATE_LIMITED", { retryAfterMs });
  };
  rig.relay.cut();
  await rig.clock.advance(182_000);
  const joined = rig.session.status().rooms.filter((room) => room.joined);
  assert.equal(joined.length, 40);
});

Deno.test("Session: rejoining waits out TOO_NEW and RATE_LIMITED, and says so", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  let refusals = 2;
  rig.relay.refuse = (operation) =>
    operation === "join tea" && refusals-- > 0
      ? new Failure("TOO_NEW", { retryAfterMs: 60_000 })
      : undefined;
  await rig.clock.advance(1_000);
  const [room] = rig.session.status().rooms;
  assert.equal(room?.joined, false);
  assert.match(room?.reason ?? "", /older.*trying again/);
  await rig.clock.advance(121_000);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
});

Deno.test("Session: a room of others that ended is shown as ended, sought, and found when it is made again", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.close("tea");
  await rig.clock.advance(10);
  const [room] = rig.session.status().rooms;
  assert.deepEqual([room?.joined, room?.reason], [
    false,
    "the relay closed the room",
  ]);
  await assert.rejects(
    rig.session.send({ room: "tea", text: "x" }),
    isFailure("NOT_IN_ROOM"),
  );
  rig.relay.makeRoom("tea", 9_000_000);
  await rig.clock.advance(61_000);
  rig.relay.say("tea", ADA, "new life");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["new life"]);
  assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
});

Deno.test("Session: a room that this agent made is made again", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "lab", topic: "t", tags: ["a"] });
  rig.relay.close("lab");
  await rig.clock.advance(100);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
  assert.equal(rig.relay.rooms.get("lab")?.topic, "t");
});

Deno.test("Session: leave forgets the room; of a room one is not in it is NOT_IN_ROOM on any relay", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  assert.deepEqual(await rig.session.leave({ room: "TEA" }), { name: "tea" });
  assert.deepEqual(rig.session.status().rooms, []);
  await assert.rejects(
    rig.session.leave({ room: "tea" }),
    isFailure("NOT_IN_ROOM"),
  );
  await rig.restart();
  assert.deepEqual(rig.session.status().rooms, []);
});

Deno.test("Session.messages: a long poll ends with the first message that fits, its time, or its signal", async () => {
  using rig = await SessionRig.inTea();
  const query = { wait_ms: 30_000, from: "them", room: "tea" };
  const fits = watch(rig.session.messages(query, never));
  const mention = watch(
    rig.session.messages({ wait_ms: 30_000, mention: true }, never),
  );
  const gone = new AbortController();
  const aborted = watch(rig.session.messages({ wait_ms: 30_000 }, gone.signal));
  gone.abort();
  await rig.clock.advance(10);
  assert.deepEqual(aborted.value?.messages, []);
  rig.relay.say("tea", ADA, "hello");
  await rig.clock.advance(0);
  assert.equal(fits.value?.messages.length, 1);
  assert.equal(Object.keys(mention).length, 0);
  rig.relay.say("tea", ADA, "hello @me!");
  await rig.clock.advance(0);
  assert.deepEqual(mention.value?.messages.map(({ text }) => text), [
    "hello @me!",
  ]);
  const late = watch(
    rig.session.messages({ wait_ms: 1_000, room: "none" }, never),
  );
  await rig.clock.advance(1_000);
  assert.deepEqual(late.value?.messages, []);
});

Deno.test("Session: a full disk is said, nothing counts as had, and all of it comes later", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  rig.breakDisk(true);
  rig.relay.say("tea", ADA, "two");
  rig.relay.say("tea", ADA, "three");
  await rig.clock.advance(100);
  assert.match(rig.session.status().warnings.join(), /disk is full/);
  assert.deepEqual(await rig.texts(), ["one"]);
  rig.breakDisk(false);
  await rig.clock.advance(11_000);
  assert.deepEqual(await rig.texts(), ["one", "two", "three"]);
  assert.deepEqual(rig.session.status().warnings, []);
});

Deno.test("Session: a damaged file is kept aside, and a new mailbox says so", async () => {
  using rig = await SessionRig.inTea();
  rig.session.close();
  Deno.writeTextFileSync(rig.path, "this is no database ".repeat(500));
  await rig.clock.advance(0);
  const again = rig.again();
  assert.match(again.status().warnings.join(), /damaged/);
  const names = [...Deno.readDirSync(rig.folder)].map(({ name }) => name);
  assert.ok(names.some((name) => name.startsWith("mailbox.db.damaged-")));
});

Deno.test("Session: a folder that can't be written leaves a mailbox in memory that says so", async () => {
  using rig = new SessionRig({ databasePath: "/nowhere/at/all/mailbox.db" });
  rig.relay.makeRoom("tea");
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(10);
  rig.relay.say("tea", ADA, "hello");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["hello"]);
  assert.match(rig.session.status().warnings.join(), /in memory alone/);
});

Deno.test("Session.rooms: words are sought here, and partial, on a relay that can't", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.makeRoom("coffee");
  const page = await rig.session.rooms({ q: "cof" });
  assert.deepEqual(page.rooms.map(({ name, joined }) => [name, joined]), [
    ["coffee", false],
  ]);
  assert.equal(rig.relay.asked.at(-1), "list ");
});

Deno.test("Session.history: verified by frame; by REST for a room one is not in", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "hello");
  const page = await rig.session.history({ room: "tea", limit: 10 });
  assert.deepEqual(
    page.messages.slice(1).map(({ text, verified, from_name }) => [
      text,
      verified,
      from_name,
    ]),
    [["hello", true, "them"]],
  );
  rig.relay.refuse = (operation) =>
    operation.startsWith("history") ? new Failure("NOT_IN_ROOM") : undefined;
  const rest = await rig.session.history({ room: "tea", limit: 10 });
  assert.deepEqual(rest.messages.map(({ verified }) => verified), [
    false,
    false,
  ]);
});

Deno.test("Session.stop: asks the keeper after the answer", async () => {
  using rig = new SessionRig();
  assert.deepEqual(rig.session.stop(), { status: "stopping" });
  assert.equal(rig.stopped, 0);
  await rig.clock.advance(100);
  assert.equal(rig.stopped, 1);
});

Deno.test("Session: names an agent by its id's key, and its own echo is no message", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ME, "echo");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), []);
  const seen = watch(rig.session.members({ room: "nowhere" }));
  await rig.clock.advance(0);
  assert.equal(codeOf(seen), "NOT_IN_ROOM");
});

Deno.test("Session.members: of a room that waits to be joined again it is not yet, with why", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.down = true;
  rig.relay.cut();
  await rig.clock.advance(0);
  await assert.rejects(
    rig.session.members({ room: "tea" }),
    (e) => isFailure("NOT_CONNECTED")(e) && (e as Failure).exitCode === 5,
  );

  rig.relay.refuse = (operation) =>
    operation === "join tea"
      ? new Failure("TOO_NEW", { retryAfterMs: 60_000 })
      : undefined;
  rig.relay.down = false;
  await rig.clock.advance(40_000);
  assert.equal(rig.session.status().connected, true);
  await assert.rejects(rig.session.members({ room: "tea" }), {
    code: "ROOM_NOT_JOINED",
    exitCode: 5,
    message: /'tea'.*the relay wants a connection to be older/,
  });
});

Deno.test("Session.members: of a room that ended this agent is no member", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.close("tea");
  await rig.clock.advance(100);
  await assert.rejects(
    rig.session.members({ room: "tea" }),
    isFailure("NOT_IN_ROOM"),
  );
});
