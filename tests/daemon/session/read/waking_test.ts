import assert from "node:assert/strict";
import type { Session } from "../../../../daemon/session/session.ts";
import type { WakeQuery } from "../../../../lib/local_api/types/wakes.ts";
import type {
  WakePolicies,
  WakePolicy,
} from "../../../../lib/local_api/wake_policy.ts";
import { ADA, BOB, SessionRig } from "../../../fakes/session_rig.ts";

const MINUTE = 60_000;
const never = new AbortController().signal;

/** In "tea", where Ada is a contact. */
async function withContact(): Promise<SessionRig> {
  const rig = await SessionRig.inTea();
  await rig.session.pin({ agent: ADA.id, name: "ada" });
  return rig;
}

function wake(rig: SessionRig, query: Partial<WakeQuery> = {}) {
  return rig.session.wake({ watcher: "w", ...query }, never);
}

/** Says something to the rig's agent, and lets it arrive. */
async function say(
  rig: SessionRig,
  by: typeof ADA,
  text: string,
  fields: Parameters<SessionRig["relay"]["say"]>[3] = {},
): Promise<void> {
  const timestamp = rig.clock.wall();
  rig.relay.say("tea", by, text, { timestamp, name: "ada", ...fields });
  await rig.clock.advance(10);
}

Deno.test("Waking.wake: a mention by a contact, once for each watcher, with numbers alone", async () => {
  using rig = await withContact();
  await say(rig, ADA, "plain");
  assert.deepEqual(await wake(rig), {});
  await say(rig, ADA, "@me look");
  const told = {
    unread: 2,
    named: 1,
    cursor: 2,
    reason: "mention",
    room: "tea",
  };
  assert.deepEqual(await wake(rig), { wake: told });
  assert.deepEqual(await wake(rig), {});
  assert.deepEqual(await wake(rig, { watcher: "v" }), { wake: told });
  assert.deepEqual(rig.session.status().wakes, { today: 2 });
});

Deno.test("Waking.wake: strangers wake where everyone may, the muted and those by another's name never, nobody where it is off", async () => {
  using rig = await withContact();
  await say(rig, BOB, "@me look", { name: "bob" });
  assert.deepEqual(await wake(rig), {});
  assert.deepEqual(await wake(rig, { wake: "off" }), {});
  assert.equal((await wake(rig, { wake: "everyone" })).wake?.named, 1);
  using muted = await withContact();
  await muted.session.mute({ agent: BOB.id });
  await say(muted, BOB, "@me look", { name: "bob" });
  assert.deepEqual(await wake(muted, { wake: "everyone" }), {});
  using posing = await withContact();
  await say(posing, BOB, "@me look", { name: "ada" });
  assert.deepEqual(await wake(posing, { wake: "everyone" }), {});
});

Deno.test("Waking.wake: whose messages wake is the settings' choice, for a room too, where the watcher makes none", async () => {
  const woken = async (wake: WakePolicies, asked?: WakePolicy) => {
    using rig = await SessionRig.inTea({ settings: { wake } });
    await say(rig, BOB, "@me look", { name: "bob" });
    const query = { watcher: "w", ...(asked ? { wake: asked } : {}) };
    return (await rig.session.wake(query, never)).wake !== undefined;
  };
  assert.equal(await woken({ all: "everyone", rooms: {} }), true);
  assert.equal(await woken({ all: "contacts", rooms: {} }), false);
  const rooms = { tea: "off" } as const;
  assert.equal(await woken({ all: "everyone", rooms }), false);
  assert.equal(await woken({ all: "off", rooms: { tea: "everyone" } }), true);
  assert.equal(await woken({ all: "everyone", rooms }, "everyone"), true);
});

Deno.test("Waking.wake: held until something comes that wakes, its time is over, or who asked is gone", async () => {
  using rig = await withContact();
  const held = wake(rig, { wait_ms: 10 * MINUTE });
  await rig.clock.advance(MINUTE);
  await say(rig, ADA, "plain");
  await say(rig, ADA, "@me look");
  assert.equal((await held).wake?.cursor, 2);
  const empty = wake(rig, { watcher: "v", wake: "off", wait_ms: MINUTE });
  await rig.clock.advance(MINUTE);
  assert.deepEqual(await empty, {});
  const gone = new AbortController();
  const left = rig.session.wake(
    { watcher: "u", wake: "off", wait_ms: MINUTE },
    gone.signal,
  );
  gone.abort();
  assert.deepEqual(await left, {});
  const cut = wake(rig, { wait_ms: MINUTE });
  rig.session.close();
  assert.deepEqual(await cut, {});
  rig.again();
});

Deno.test("Waking.wake: a newer request of the same watcher ends the one that waits", async () => {
  using rig = await withContact();
  const first = wake(rig, { wait_ms: 10 * MINUTE });
  const other = wake(rig, { watcher: "v", wait_ms: 10 * MINUTE });
  await rig.clock.advance(10);
  const second = wake(rig, { wait_ms: 10 * MINUTE });
  await rig.clock.advance(10);
  assert.deepEqual(await first, { replaced: true });
  await say(rig, ADA, "@me look");
  assert.equal((await second).wake?.cursor, 1);
  assert.equal((await other).wake?.cursor, 1);
  assert.equal((await wake(rig)).replaced, undefined);
});

Deno.test("Waking.wake: a look that does not wait leaves the one that waits, which is not told the same", async () => {
  using rig = await withContact();
  const waiting = wake(rig, { wait_ms: MINUTE });
  await rig.clock.advance(10);
  assert.deepEqual(await wake(rig), {});
  rig.relay.say("tea", ADA, "@me look", {
    ...{ timestamp: rig.clock.wall(), name: "ada" },
  });
  await rig.clock.advance(10);
  assert.equal((await waiting).wake?.cursor, 1);
  assert.deepEqual(await wake(rig), {});
});

Deno.test("Waking.due: a wake that has to be brought there counts at once, wakes nobody before it came, and is taken back where it is lost", async () => {
  using rig = await withContact();
  const { wakes } = rig.session as unknown as Session;
  const due = () => wakes.due({ watcher: "post-0", wait_ms: MINUTE }, never);
  const wokenAt = () => rig.relay.told.at(-1)?.woken_at;
  await say(rig, ADA, "@me look");
  assert.equal((await due()).wake?.cursor, 1);
  await rig.clock.advance(10);
  assert.deepEqual(rig.session.status().wakes, { today: 1 });
  assert.equal(wokenAt(), undefined);
  wakes.lost("post-0");
  assert.deepEqual(rig.session.status().wakes, { today: 0 });
  assert.equal((await due()).wake?.cursor, 1);
  wakes.came();
  assert.equal(wokenAt(), rig.clock.wall());
  const again = due();
  await rig.clock.advance(MINUTE);
  assert.deepEqual(await again, {});
});

Deno.test("Waking.presence: who looks and does not wait, whom nobody wakes, and a subscription that no model hears make nobody wakeable", async () => {
  const wakeable = async (
    change: (rig: SessionRig) => Promise<unknown>,
    all: WakePolicy = "contacts",
  ) => {
    using rig = await SessionRig.inTea({
      settings: { wake: { all, rooms: {} } },
    });
    void change(rig);
    await rig.clock.advance(10);
    return rig.relay.told.at(-1)?.wakeable ?? "no";
  };
  const messages = (rig: SessionRig, background: boolean) =>
    rig.session.messages({ wait_ms: MINUTE, background }, never);
  assert.equal(await wakeable((rig) => wake(rig, { wait_ms: MINUTE })), "yes");
  assert.equal(await wakeable((rig) => messages(rig, false)), "yes");
  for (
    const none of [
      wakeable((rig) => wake(rig)),
      wakeable((rig) => wake(rig, { wait_ms: MINUTE, wake: "off" })),
      wakeable((rig) => wake(rig, { wait_ms: 1, wake: "off" })),
      wakeable((rig) => wake(rig, { wait_ms: MINUTE }), "off"),
      wakeable((rig) => messages(rig, true)),
    ]
  ) assert.equal(await none, "no");
});

Deno.test("Waking.wake: what was read frees the next wake; what was not is told again with something newer ten minutes later", async () => {
  using rig = await withContact();
  await say(rig, ADA, "@me one");
  assert.equal((await wake(rig)).wake?.cursor, 1);
  await rig.session.read({ cursor: 1 });
  await say(rig, ADA, "@me two");
  assert.deepEqual(await wake(rig), {}, "within 30 s");
  const next = wake(rig, { wait_ms: MINUTE });
  await rig.clock.advance(31_000);
  assert.equal((await next).wake?.cursor, 2);
  await say(rig, ADA, "@me three");
  const later = wake(rig, { wait_ms: 10 * MINUTE });
  await rig.clock.advance(9 * MINUTE);
  await say(rig, ADA, "@me four");
  await rig.clock.advance(MINUTE);
  assert.deepEqual((await later).wake, {
    ...{ unread: 3, named: 3, cursor: 4, reason: "mention", room: "tea" },
  });
});

Deno.test("Waking.wake: an answer to ours, and a question to us", async () => {
  using rig = await withContact();
  const { id } = await rig.session.send({ room: "tea", text: "Which one?" });
  await say(rig, ADA, "the green one", { more: { reply_to: id } });
  assert.equal((await wake(rig)).wake?.reason, "reply");
  await say(rig, ADA, "@me which?", { more: { kind: "question" } });
  assert.equal((await wake(rig, { watcher: "v" })).wake?.reason, "ask");
});

Deno.test("Waking.wake: a question that names nobody is put to us in a room of two alone", async () => {
  const asked = async (...others: string[]) => {
    using rig = new SessionRig();
    rig.relay.makeRoom("tea");
    rig.relay.others = [rig.session.identity().id, ...others];
    rig.session.start();
    await rig.clock.advance(5_000);
    await rig.session.join({ room: "tea" });
    await rig.session.pin({ agent: ADA.id, name: "ada" });
    await say(rig, ADA, "plain");
    assert.deepEqual(await wake(rig), {});
    await say(rig, ADA, "which one?", { more: { kind: "question" } });
    return (await wake(rig)).wake?.reason;
  };
  assert.equal(await asked(ADA.id), "ask");
  assert.equal(await asked(ADA.id, BOB.id), undefined);
});

Deno.test("Waking.wake: who calls twenty times in a minute is not heard for the next one", async () => {
  using rig = await withContact();
  for (let one = 0; one < 19; one++) await say(rig, ADA, `@me ${one}`);
  assert.equal((await wake(rig)).wake?.named, 19);
  await say(rig, ADA, "@me once more");
  assert.deepEqual(await wake(rig, { watcher: "v" }), {});
  await rig.clock.advance(MINUTE);
  assert.equal((await wake(rig, { watcher: "v" })).wake?.named, 20);
});

Deno.test("Waking.wake: what a relay says by a contact's key, signed by nobody, wakes nobody", async () => {
  using rig = await withContact();
  const fields = { timestamp: rig.clock.wall(), name: "ada" };
  const said = rig.relay.frame("tea", ADA, { text: "@me look", ...fields });
  rig.relay.deliver({ ...said, signature: "" });
  await rig.clock.advance(10);
  assert.equal((await rig.session.status()).unread, 1);
  assert.deepEqual(await wake(rig, { wake: "everyone" }), {});
});

Deno.test("Waking.wake: what is older than the daemon wakes nobody, what was missed since does", async () => {
  using rig = await withContact();
  rig.relay.cut();
  rig.relay.say("tea", ADA, "@me missed", {
    ...{ timestamp: rig.clock.wall(), name: "ada" },
  });
  await rig.clock.advance(5_000);
  assert.equal((await wake(rig)).wake?.named, 1);
  rig.relay.say("tea", ADA, "@me while away", {
    ...{ timestamp: rig.clock.wall(), name: "ada", deliver: false },
  });
  await rig.clock.advance(5 * MINUTE);
  await rig.restart();
  await rig.clock.advance(MINUTE);
  assert.deepEqual(await wake(rig), {});
});

Deno.test("Waking.wake: two that wake each other for ever stop after six, and status says so; a human's word lets it go on", async () => {
  using rig = await withContact();
  let woken = 0;
  const turn = async () => {
    await say(rig, ADA, "@me and you?");
    const { wake: told, brake } = await wake(rig);
    if (told !== undefined) {
      woken++;
      await rig.session.read({ cursor: told.cursor });
    }
    await rig.clock.advance(MINUTE);
    return brake;
  };
  let brake: string | undefined;
  for (let turns = 0; turns < 20; turns++) brake = await turn();
  assert.equal(woken, 6);
  assert.equal(brake, "6 wakes without a word from a human");
  assert.deepEqual(rig.session.status().wakes, { today: 6, brake });
  const next = wake(rig, { wait_ms: MINUTE });
  await rig.session.human();
  assert.notEqual((await next).wake, undefined);
});

Deno.test("Waking.wake: a mention wakes behind and before more unread messages than are looked at", async () => {
  using rig = await withContact();
  const noise = async () => {
    for (let one = 0; one < 500; one++) await say(rig, BOB, `noise ${one}`);
  };
  await noise();
  await say(rig, ADA, "@me look");
  assert.equal((await wake(rig)).wake?.named, 1);
  await noise();
  assert.equal((await wake(rig, { watcher: "v" })).wake?.named, 1);
});
