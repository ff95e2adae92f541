import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { someRoom, someStatus } from "../fakes/api_values.ts";
import { type CliAnswer, CliRig } from "../fakes/cli_rig.ts";

/** Turns the rig's clock until the command ends. */
async function turned(rig: CliRig, ...line: string[]): Promise<CliAnswer> {
  let answer: CliAnswer | undefined;
  const ended = rig.run(...line).then((one) => answer = one);
  for (let turn = 0; answer === undefined; turn++) {
    assert.ok(turn < 20_000, "it waits for ever");
    await rig.clock.advance(rig.clock.nextInMs ?? 0);
  }
  return await ended;
}

/** Refuses so often, then takes it. */
function refusing(times: number, failure: Failure): () => unknown {
  return () => times-- > 0 ? failure : someRoom();
}

for (const name of ["create", "join"]) {
  Deno.test(`${name} --wait: waits the relay's age out, and says so once on stderr`, async () => {
    const tooNew = new Failure("TOO_NEW", { retryAfterMs: 41_500 });
    const rig = new CliRig({ [`POST ${name}`]: refusing(2, tooNew) });
    const began = rig.clock.monotonic();
    const { code, stdout, stderr } = await turned(
      rig,
      name,
      "tea",
      "--wait",
      "10m",
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /tea/);
    assert.equal(rig.calls.length, 3);
    assert.match(stderr, /^agentnet: waiting[^\n]*42s[^\n]*\n$/);
    const took = rig.clock.monotonic() - began;
    assert.ok(took >= 83_000 && took < 84_000, `${took}`);
  });
}

Deno.test("join: without --wait TOO_NEW is told at once, with the way to wait", async () => {
  const tooNew = new Failure("TOO_NEW", { retryAfterMs: 41_500 });
  const rig = new CliRig({ "POST join": () => tooNew });
  const { code, stderr } = await rig.run("join", "tea");
  assert.equal(code, 5);
  assert.match(stderr, /42 s.*--wait/);
  assert.equal(rig.calls.length, 1);
});

Deno.test("join --wait: a wait that can't be enough ends at once", async () => {
  const tooNew = new Failure("TOO_NEW", { retryAfterMs: 41_500 });
  const rig = new CliRig({ "POST join": () => tooNew });
  const { code } = await rig.run("join", "tea", "--wait", "10s");
  assert.equal(code, 5);
  assert.equal(rig.calls.length, 1);
});

Deno.test("join --wait: what time does not cure ends at once", async () => {
  const gone = new Failure("ROOM_NOT_FOUND", { fields: { room: "tea" } });
  const rig = new CliRig({ "POST join": () => gone });
  const { code } = await rig.run("join", "tea", "--wait", "10m");
  assert.equal(code, 4);
  const joins = rig.routes.filter((one) => one === "POST join");
  assert.equal(joins.length, 1);
});

Deno.test("join --wait: a daemon without connection is waited for", async () => {
  const off = new Failure("NOT_CONNECTED");
  const rig = new CliRig({ "POST join": refusing(3, off) });
  const { code } = await turned(rig, "join", "tea", "--wait", "10s");
  assert.equal(code, 0);
});

Deno.test("wait-ready: a daemon that is only just starting is waited for", async () => {
  const rig = new CliRig({ "GET status": () => someStatus() });
  const token = rig.files.get("/home/agent/.agentnet/api.token") ?? "";
  rig.files.clear();
  rig.clock.after(700, () => {
    rig.files.set("/home/agent/.agentnet/api.token", token);
    rig.daemonDown = true;
  });
  rig.clock.after(900, () => rig.daemonDown = false);
  const { code, stdout } = await turned(rig, "wait-ready");
  assert.equal(code, 0);
  assert.match(stdout, /^connected/);
});

Deno.test("wait-ready: connected and every room joined, no sooner", async () => {
  const tea = { name: "tea", joined: false, unread: 0 };
  const old = { ...tea, name: "old", state: "ended", reason: "it ended" };
  const states = [
    someStatus({ connected: false, state: "connecting" }),
    someStatus({ rooms: [{ ...tea, state: "joining", reason: "again" }] }),
    someStatus({ rooms: [{ ...tea, state: "waiting", reason: "too new" }] }),
    someStatus({
      rooms: [{ ...old, state: "ended" }, {
        ...{ name: "tea", state: "joined", joined: true, unread: 0 },
      }],
    }),
  ];
  const rig: CliRig = new CliRig({
    "GET status": (): unknown =>
      states[Math.min(rig.calls.length, states.length) - 1],
  });
  const { code } = await turned(rig, "wait-ready");
  assert.equal(code, 0);
  assert.equal(rig.calls.length, 4);
});

Deno.test("wait-ready: past its time with a room that waits it is 6, with the room and its reason", async () => {
  const reason = "the relay wants an older connection; trying again";
  const tea = { name: "tea", joined: false, unread: 0, reason };
  const rig = new CliRig({
    "GET status": () => someStatus({ rooms: [{ ...tea, state: "waiting" }] }),
  });
  const { code, stderr } = await turned(rig, "wait-ready", "--timeout", "2s");
  assert.equal(code, 6);
  assert.match(stderr, /not joined: #tea \(the relay wants an older/);
});

Deno.test("wait-ready: past its time it is 6 with the reason, or 3 where there is no daemon", async () => {
  const off = () => someStatus({ connected: false, reason: "no route to it" });
  const down = new CliRig({ "GET status": off });
  const began = down.clock.monotonic();
  const late = await turned(down, "wait-ready", "--timeout", "2s");
  assert.deepEqual([late.code, late.stdout], [6, ""]);
  assert.match(late.stderr, /no route to it/);
  const took = down.clock.monotonic() - began;
  assert.ok(took >= 2_000 && took < 2_200, `${took}`);
  const none = new CliRig();
  none.files.clear();
  const { code } = await turned(none, "wait-ready", "--timeout", "2s");
  assert.equal(code, 3);
});

Deno.test("wait-ready: a daemon that hangs is 6 when the time is over", async () => {
  const rig = new CliRig({ "GET status": () => someStatus() });
  rig.hangs = true;
  const began = rig.clock.monotonic();
  const { code, stderr } = await turned(rig, "wait-ready", "--timeout", "3s");
  assert.equal(code, 6);
  assert.match(stderr, /does not answer/);
  const took = rig.clock.monotonic() - began;
  assert.ok(took >= 3_000 && took < 3_200, `${took}`);
});

Deno.test("commands: a daemon whose API is just being started again is waited for, at most 10 s", async () => {
  const rig = new CliRig({ "GET status": () => someStatus() });
  rig.daemonDown = true;
  rig.lockHeld = true;
  const asked: string[] = [];
  rig.seen = ({ host }) => void asked.push(host);
  rig.clock.after(3_000, () => {
    rig.files.set("/home/agent/.agentnet/api.addr", "127.0.0.1:9901\n");
    rig.daemonDown = false;
  });
  const began = rig.clock.monotonic();
  const { code } = await turned(rig, "status");
  assert.equal(code, 0);
  assert.deepEqual([asked[0], asked.at(-1)], [
    "127.0.0.1:9900",
    "127.0.0.1:9901",
  ]);
  const took = rig.clock.monotonic() - began;
  assert.ok(took >= 3_000 && took < 3_200, `${took}`);
  rig.daemonDown = true;
  const { code: late, stderr } = await turned(rig, "status");
  assert.equal(late, 3);
  assert.match(stderr, /nobody listens at 127\.0\.0\.1:9901 in here/);
});

Deno.test("commands: without a daemon that has the lock, or at an address that was named, it is 3 at once", async () => {
  const rig = new CliRig();
  rig.daemonDown = true;
  const began = rig.clock.monotonic();
  assert.equal((await rig.run("status")).code, 3);
  rig.lockHeld = true;
  assert.equal((await rig.run("status", "--api", "127.0.0.1:9900")).code, 3);
  assert.equal(rig.clock.monotonic(), began);
});

Deno.test("wait-ready: ends in its time while an API is being started again", async () => {
  const rig = new CliRig();
  rig.daemonDown = true;
  rig.lockHeld = true;
  const began = rig.clock.monotonic();
  const { code } = await turned(rig, "wait-ready", "--timeout", "2s");
  assert.ok([3, 6].includes(code), `${code}`);
  assert.ok(rig.clock.monotonic() - began < 2_300);
});
