import assert from "node:assert/strict";
import { connect } from "../../../lib/client/connection.ts";
import { Failure } from "../../../lib/errors.ts";
import { FEATURES } from "../../../lib/protocol/frames.ts";
import {
  clientRig,
  codeOf,
  endlessProof,
  plainProof,
  watch,
} from "../../fakes/client_rig.ts";

Deno.test("connect: logs in on a Go relay, with no features", async () => {
  const { options, relay, clock } = clientRig("go");
  const connection = await connect(options);
  assert.equal(connection.relay, "test relay");
  assert.equal(connection.features.size, 0);
  assert.equal(connection.lastPongAt, clock.monotonic());
  connection.close();
  assert.deepEqual(relay.line.closed?.code, 1000);
});

Deno.test("connect: hello is signed and names relay, features and a name of at most 64 bytes", async () => {
  const { options, relay } = clientRig("ack");
  const profile = { ...options.profile, name: "ä".repeat(40) };
  const connection = await connect({ ...options, profile });
  const [hello] = relay.of("hello");
  assert.equal(hello?.relay, options.url);
  assert.deepEqual(hello?.features, FEATURES);
  assert.equal(hello?.profile.name, "ä".repeat(32));
  assert.deepEqual([...connection.features], [...FEATURES]);
  connection.close();
});

Deno.test("connect: features are those both announced and asked for", async () => {
  const { options } = clientRig("ack");
  const connection = await connect({ ...options, features: ["history"] });
  assert.deepEqual([...connection.features], ["history"]);
  connection.close();
});

Deno.test("connect: leaves no timer but its heartbeat", async () => {
  const { options, clock } = clientRig("go");
  const connection = await connect(options);
  await clock.advance(0);
  assert.equal(clock.pending, 1);
  connection.close();
  assert.equal(clock.pending, 0);
});

const REFUSALS = [
  { code: "AUTH_FAILED", becomes: "AUTH_FAILED" },
  { code: "INVALID_MESSAGE", becomes: "INVALID_MESSAGE" },
  { code: "UNKNOWN_TYPE", becomes: "UNKNOWN_TYPE" },
  { code: "TOO_NEW", becomes: "TOO_NEW" },
  { code: "RATE_LIMITED", becomes: "RATE_LIMITED" },
  { code: "BANNED_BY_A_NEWER_RELAY", becomes: "RELAY_REFUSED" },
] as const;
for (const step of ["hello", "hello.pow"] as const) {
  for (const { code, becomes } of REFUSALS) {
    Deno.test(`connect: error ${code} after ${step} is ${becomes}`, async () => {
      const { options, relay, heard, clock } = clientRig("go");
      relay.refuse(step, { code, message: "no\u001b[2Jway" });
      const error = await rejection(connect(options));
      assert.equal(error.code, becomes);
      assert.ok(!error.message.includes("\u001b"));
      assert.ok(relay.line.closed);
      assert.equal(clock.pending, 0);
      assert.deepEqual(heard.ends, []);
    });
  }
}

Deno.test("connect: a line that closes in the login is NOT_CONNECTED", async () => {
  const { options, relay } = clientRig("go");
  relay.overrides.set("hello", (_, line) => line.end(1011, "out of order"));
  const error = await rejection(connect(options));
  assert.equal(error.code, "NOT_CONNECTED");
  assert.match(error.message, /out of order/);
});

for (const step of ["hello", "hello.pow"] as const) {
  Deno.test(`connect: silence after ${step} is refused after 10 s`, async () => {
    const { options, relay, clock } = clientRig("go");
    relay.mute(step);
    const seen = watch(connect(options));
    await clock.advance(9_999);
    assert.equal(seen.error, undefined);
    await clock.advance(1);
    assert.equal(codeOf(seen), "NOT_CONNECTED");
    assert.ok(relay.line.closed);
    assert.equal(clock.pending, 0);
  });
}

Deno.test("connect: a login that drips useless frames for ever is refused after 10 s", async () => {
  const { options, relay, clock } = clientRig("go");
  relay.mute("hello");
  const seen = watch(connect(options));
  for (let second = 0; second < 10; second++) {
    await clock.advance(1_000);
    relay.line.deliver({ type: "pong" });
  }
  await clock.advance(0);
  assert.equal(codeOf(seen), "NOT_CONNECTED");
});

Deno.test("connect: difficulty 25 is POW_TOO_HARD and nothing is searched", async () => {
  const { options } = clientRig("go", { login: 25, create: 6 });
  let searched = false;
  const error = await rejection(connect({
    ...options,
    findProof: (task, signal) => {
      searched = true;
      return plainProof(task, signal);
    },
  }));
  assert.equal(error.code, "POW_TOO_HARD");
  assert.equal(searched, false);
});

Deno.test("connect: the proof has 20 s that don't count against the login's 10 s", async () => {
  const { options, clock } = clientRig("go");
  let give = () => {};
  const seen = watch(connect({
    ...options,
    findProof: async (task, signal) => {
      await new Promise<void>((resolve) => give = resolve);
      return plainProof(task, signal);
    },
  }));
  await clock.advance(19_000);
  assert.deepEqual(seen, {});
  give();
  await clock.advance(0);
  assert.ok(seen.value);
  seen.value.close();
});

Deno.test("connect: a proof not found in 20 s is POW_TIMEOUT, and the search is stopped", async () => {
  const { options, clock } = clientRig("go");
  const search = endlessProof();
  const { findProof } = search;
  const seen = watch(connect({ ...options, findProof }));
  await clock.advance(20_000);
  assert.equal(codeOf(seen), "POW_TIMEOUT");
  assert.equal(search.stops, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("connect: an error while the proof is sought stops the search", async () => {
  const { options, relay, clock } = clientRig("go");
  const search = endlessProof();
  const { findProof } = search;
  const seen = watch(connect({ ...options, findProof }));
  await clock.advance(5_000);
  relay.line.deliver({ type: "error", code: "AUTH_FAILED", message: "late" });
  await clock.advance(0);
  assert.equal(codeOf(seen), "AUTH_FAILED");
  assert.equal(search.stops, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("connect: aborted in the login, it rejects with the signal's reason and closes the line", async () => {
  const { options, relay, clock } = clientRig("go");
  relay.mute("hello.pow");
  const controller = new AbortController();
  const seen = watch(connect({ ...options, signal: controller.signal }));
  await clock.advance(0);
  const reason = new Error("enough");
  controller.abort(reason);
  await clock.advance(0);
  assert.equal(seen.error, reason);
  assert.ok(relay.line.closed);
  assert.equal(clock.pending, 0);
});

Deno.test("connect: a keeper that never signs is refused after 10 s", async () => {
  const { options, clock } = clientRig("go");
  const sign = () => new Promise<string>(() => {});
  const seen = watch(connect({ ...options, sign }));
  await clock.advance(10_000);
  assert.equal(codeOf(seen), "NOT_CONNECTED");
});

Deno.test("connect: a frame over 1 MB in the login is NOT_CONNECTED", async () => {
  const { options, relay } = clientRig("go");
  relay.overrides.set("hello", (_, line) => line.refuse("too large"));
  assert.equal((await rejection(connect(options))).code, "NOT_CONNECTED");
});

Deno.test("connect: what comes right behind welcome is pushed only after it resolved", async () => {
  const { options, relay, heard, clock } = clientRig("go");
  relay.overrides.set("hello.pow", (_, line) => {
    line.deliver({ type: "welcome", relay: "r" });
    const agent = { id: "a", name: "b" };
    line.deliver({ type: "room.member_left", room: "x", agent });
    line.end(1000, "bye");
  });
  const connection = await connect(options);
  assert.deepEqual(heard.log, []);
  await clock.advance(0);
  assert.deepEqual(heard.log, ["push room.member_left", "ended lost"]);
  await assert.rejects(connection.ping(), { code: "NOT_CONNECTED" });
});

Deno.test("connect: tells how far the host's clock is off, from the challenge", async () => {
  for (const off of [-30_000, 0, 30_000]) {
    const { options, relay, clock } = clientRig("go");
    relay.overrides.set("hello", (_, line) => {
      line.deliver({
        type: "pow.challenge",
        challenge: "c",
        difficulty: 0,
        expires: clock.wall() + 60_000 - off,
      });
      relay.overrides.delete("hello");
    });
    relay.overrides.set("hello.pow", (_, line) => {
      line.deliver({ type: "welcome", relay: "r" });
    });
    const connection = await connect(options);
    assert.equal(connection.clockSkewMs, off);
    connection.close();
  }
});

Deno.test("connect: a challenge whose expiry is no time says nothing of the clock", async () => {
  const { options, relay } = clientRig("go");
  relay.overrides.set("hello", (_, line) => {
    line.deliver({ type: "pow.challenge", challenge: "c", difficulty: 0 });
  });
  relay.overrides.set("hello.pow", (_, line) => {
    line.deliver({ type: "welcome", relay: "r" });
  });
  const connection = await connect(options);
  assert.equal(connection.clockSkewMs, undefined);
  connection.close();
});

async function rejection(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error;
  }
  assert.fail("it did not reject");
}
