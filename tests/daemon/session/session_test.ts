import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { codeOf, watch } from "../../fakes/client_rig.ts";
import { ADA, ME, SessionRig } from "../../fakes/session_rig.ts";

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

Deno.test("Session.handover: what is on its way comes to its end first, and it says what stays queued", async () => {
  using rig = await SessionRig.inTea();
  const slow = Promise.withResolvers<void>();
  rig.relay.slow = (asked) => asked === "send tea" ? slow.promise : undefined;
  const sent = rig.session.send({ room: "tea", text: "one" });
  const handing = watch(rig.session.handover());
  await rig.clock.advance(2_000);
  assert.deepEqual(["value" in handing, rig.handedOver], [false, 0]);
  slow.resolve();
  assert.equal((await sent).status, "accepted");
  await rig.clock.advance(100);
  assert.deepEqual(handing.value, { status: "handing over", queued: 0 });
  assert.deepEqual([rig.handedOver, rig.stopped], [1, 0]);
  assert.equal(rig.session.status().state, "stopped");
});

Deno.test("Session.handover: a relay that does not answer holds it up for 3 s", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.slow = (asked) =>
    asked === "send tea" ? new Promise(() => {}) : undefined;
  const sent = watch(rig.session.send({ room: "tea", text: "one" }));
  const handing = watch(rig.session.handover());
  await rig.clock.advance(2_900);
  assert.equal("value" in handing, false);
  await rig.clock.advance(200);
  assert.deepEqual(["value" in handing, rig.handedOver], [true, 1]);
  // Told after the mailbox was closed.
  await rig.restart();
  assert.equal((sent.value as { status: string }).status, "unknown");
});

Deno.test("Session.handover: who waits for a message is told to wait at the next daemon; after a stop nobody is", async () => {
  for (const end of ["handover", "stop"] as const) {
    using rig = await SessionRig.inTea();
    const wait = { limit: 10, wait_ms: 60_000 };
    const waiting = watch(rig.session.messages(wait, never));
    await rig.session[end]();
    await rig.clock.advance(100);
    assert.deepEqual(waiting, {});
    await rig.restart();
    if (end === "handover") assert.equal(codeOf(waiting), "HANDED_OVER");
    else assert.equal(waiting.value?.offline, true);
  }
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
