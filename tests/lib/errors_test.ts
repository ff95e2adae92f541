import assert from "node:assert/strict";
import { EXIT, Failure } from "../../lib/errors.ts";

Deno.test("Failure: carries exit code, HTTP status, words and what to do next", () => {
  const failure = new Failure("ROOM_NOT_FOUND", { fields: { room: "lobby" } });
  assert.equal(failure.exitCode, EXIT.refused);
  assert.equal(failure.httpStatus, 404);
  assert.match(failure.message, /'lobby'/);
  assert.match(failure.fix, /agentnet create lobby/);
});

Deno.test("Failure: TOO_NEW says the seconds, rounded up", () => {
  const failure = new Failure("TOO_NEW", { retryAfterMs: 1001 });
  assert.match(failure.fix, /in 2 s/);
  assert.equal(failure.exitCode, EXIT.notYet);
});

Deno.test("Failure.fromJson: gives back what toJson wrote", () => {
  const failure = new Failure("RATE_LIMITED", {
    retryAfterMs: 500,
    fields: { relay_message: "slow" },
  });
  const again = Failure.fromJson(JSON.parse(JSON.stringify(failure.toJson())));
  assert.deepEqual(again.toJson(), failure.toJson());
  assert.equal(again.exitCode, failure.exitCode);
});

Deno.test("Failure.fromJson: a code that this version doesn't know, or a name every object has, is INTERNAL with its words kept", () => {
  for (const code of ["NEWER_THING", "constructor", "__proto__"]) {
    const failure = Failure.fromJson({ code, message: "m", fix: "f" });
    assert.deepEqual([failure.code, failure.message, failure.fix], [
      "INTERNAL",
      "m",
      "f",
    ]);
  }
});

Deno.test("Failure.from: keeps a Failure and wraps anything else with its cause", () => {
  const failure = new Failure("TEXT_EMPTY");
  assert.equal(Failure.from(failure), failure);
  const cause = new TypeError("boom");
  const wrapped = Failure.from(cause);
  assert.deepEqual([wrapped.code, wrapped.cause], ["INTERNAL", cause]);
  assert.match(Failure.from("text").message, /text/);
});

Deno.test("Failure: PORT_IN_USE names the setting that chooses another address", () => {
  const fields = { address: "127.0.0.1:9900", setting: "--listen" };
  assert.match(new Failure("PORT_IN_USE", { fields }).fix, /: --listen$/);
});

Deno.test("Failure: a room's name that starts like a flag stands behind -- in the line to type", () => {
  const { fix } = new Failure("ROOM_NOT_FOUND", { fields: { room: "-x" } });
  assert.match(fix, /agentnet create -- -x$/);
});

Deno.test("Failure: BRAKES says the seconds until the next message, and what ends them sooner", () => {
  const failure = new Failure("BRAKES", {
    fields: { reason: "five in a row", sooner: "another voice ends it" },
    retryAfterMs: 286_001,
  });
  assert.equal(
    failure.fix,
    "try again in 287 s; another voice ends it; --force goes past it, which is for your human to decide",
  );
});

Deno.test("Failure: NOT_CONNECTED whose reason is another NOT_CONNECTED says it once", () => {
  const first = new Failure("NOT_CONNECTED", { fields: { reason: "refused" } });
  for (const inner of [first, new Failure("NOT_CONNECTED")]) {
    const outer = new Failure("NOT_CONNECTED", {
      fields: { reason: inner.message },
    });
    assert.equal(outer.message, inner.message);
  }
});
