import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import type {
  CliContext,
  LockState,
} from "../../../commands/cli/cli_context.ts";
import { patientFetch } from "../../../commands/daemon_access/patient_fetch.ts";
import type { ApiResponse } from "../../../lib/local_api/client.ts";
import { CutOff } from "../../../lib/local_api/cut_off.ts";
import { Unproven } from "../../../lib/local_api/unproven.ts";
import { watch } from "../../fakes/client_rig.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const URL_OF_IT = "http://127.0.0.1:9900/v2/messages?wait_ms=30000";
const OK: ApiResponse = {
  ok: true,
  status: 200,
  text: () => Promise.resolve("{}"),
};
const refused = () => new Deno.errors.ConnectionRefused("refused");
const cutOff = () => new CutOff(new Error("reset"));

/** Each answer after so many milliseconds. */
function rig(answers: readonly { ms: number; is: ApiResponse | Error }[]) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const shown: (string | null)[] = [];
  const state: { lock: LockState; isGone: boolean; successorMs: number } = {
    lock: "held",
    isGone: false,
    successorMs: 0,
  };
  const context = {
    clock,
    lockState: () => Promise.resolve(state.lock),
    fetch: (url: string, { headers }: RequestInit) => {
      shown.push(new Headers(headers).get("authorization"));
      const { ms, is } = answers[Math.min(asked.length, answers.length - 1)]!;
      asked.push(url);
      return new Promise<ApiResponse>((resolve, reject) =>
        void clock.after(
          ms,
          () => is instanceof Error ? reject(is) : resolve(is),
        )
      );
    },
  } as unknown as CliContext;
  const fetch = patientFetch(context, {
    lock: "/d/daemon.lock",
    place: () =>
      state.isGone
        ? Promise.reject(new Failure("NO_DAEMON"))
        : Promise.resolve({ address: "127.0.0.1:9901", token: "next" }),
    pid: () => Promise.resolve("4711"),
    successorMs: () => Promise.resolve(state.successorMs),
  });
  return { clock, asked, shown, state, fetch };
}

Deno.test("patientFetch: a question that is cut off is asked again where the daemon is by then, for what is left of its wait", async () => {
  const { clock, asked, fetch } = rig([
    { ms: 12_000, is: cutOff() },
    { ms: 0, is: refused() },
    { ms: 0, is: OK },
  ]);
  const answer = watch(fetch(URL_OF_IT, { method: "GET" }));
  await clock.advance(13_000);
  assert.equal(answer.value?.status, 200);
  assert.deepEqual(asked, [
    URL_OF_IT,
    "http://127.0.0.1:9901/v2/messages?wait_ms=17900",
    "http://127.0.0.1:9901/v2/messages?wait_ms=17800",
  ]);
});

Deno.test("patientFetch: a question that is cut off three times is asked no more: it may be what breaks the daemon", async () => {
  const { clock, asked, fetch } = rig([{ ms: 2_000, is: cutOff() }]);
  const answer = watch(fetch(URL_OF_IT, { method: "GET" }));
  await clock.advance(60_000);
  assert.ok(answer.error instanceof CutOff);
  assert.equal(asked.length, 3);
});

Deno.test("patientFetch: a POST that was cut off is never repeated: it may have been carried out", async () => {
  const { clock, asked, fetch } = rig([{ ms: 10, is: cutOff() }]);
  const answer = watch(fetch("http://127.0.0.1:9900/v2/send", {
    method: "POST",
  }));
  await clock.advance(60_000);
  assert.ok(answer.error instanceof CutOff);
  assert.equal(asked.length, 1);
});

Deno.test("patientFetch: a POST that found nobody is repeated", async () => {
  const { clock, asked, fetch } = rig([
    { ms: 0, is: refused() },
    { ms: 0, is: OK },
  ]);
  const answer = watch(fetch("http://127.0.0.1:9900/v2/send", {
    method: "POST",
  }));
  await clock.advance(1_000);
  assert.equal(answer.value?.status, 200);
  assert.equal(asked.length, 2);
});

Deno.test("patientFetch: a POST that met another program on the port is repeated where the daemon is by then", async () => {
  const { clock, asked, fetch } = rig([
    { ms: 0, is: new Unproven("another") },
    { ms: 0, is: OK },
  ]);
  const answer = watch(fetch("http://127.0.0.1:9900/v2/send", {
    method: "POST",
  }));
  await clock.advance(1_000);
  assert.equal(answer.value?.status, 200);
  assert.equal(asked[1], "http://127.0.0.1:9901/v2/send");
});

Deno.test("patientFetch: a lock that nobody holds is no daemon, and nobody is asked", async () => {
  const { clock, asked, state, fetch } = rig([{ ms: 0, is: OK }]);
  state.lock = "free";
  const answer = watch(fetch(URL_OF_IT, { method: "GET" }));
  await clock.advance(0);
  assert.ok(answer.error instanceof Deno.errors.ConnectionRefused);
  assert.deepEqual(asked, []);
});

Deno.test("patientFetch: a lock that nobody holds while another daemon takes over is waited for, also by a POST, and no longer than that may take", async () => {
  for (const method of ["GET", "POST"]) {
    const { clock, asked, state, fetch } = rig([
      { ms: 0, is: refused() },
      { ms: 0, is: OK },
    ]);
    Object.assign(state, { lock: "free", isGone: true, successorMs: 9_000 });
    const answer = watch(fetch(URL_OF_IT, { method }));
    await clock.advance(50);
    Object.assign(state, { lock: "held", isGone: false, successorMs: 0 });
    await clock.advance(200);
    assert.equal(answer.value, OK);
    assert.equal(new URL(asked[1]!).host, "127.0.0.1:9901");
  }
  const { clock, state, fetch } = rig([{ ms: 0, is: refused() }]);
  Object.assign(state, { lock: "free", isGone: true, successorMs: 3_000 });
  const late = watch(fetch(URL_OF_IT, { method: "GET" }));
  await clock.advance(500);
  state.successorMs = 0;
  await clock.advance(2_000);
  assert.deepEqual(late, {});
  await clock.advance(1_000);
  assert.ok(late.error instanceof Deno.errors.ConnectionRefused);
});

Deno.test("patientFetch: one whose daemon let go of the lock while it was asked waits for the next", async () => {
  const { clock, asked, state, fetch } = rig([
    { ms: 100, is: refused() },
    ...Array.from({ length: 12 }, () => ({ ms: 0, is: refused() })),
    { ms: 0, is: OK },
  ]);
  const answer = watch(fetch(URL_OF_IT, { method: "POST" }));
  await clock.advance(50);
  Object.assign(state, { lock: "free", isGone: true, successorMs: 9_000 });
  await clock.advance(100);
  // It has the lock, and has not said yet where it is.
  Object.assign(state, { lock: "held", successorMs: 0 });
  await clock.advance(1_000);
  assert.deepEqual(answer, {});
  state.isGone = false;
  await clock.advance(1_000);
  assert.equal(answer.value, OK);
  assert.equal(new URL(asked.at(-1)!).host, "127.0.0.1:9901");
});

Deno.test("patientFetch: one that let go of the lock with a connection that it had not answered yet is gone; without a lock's file it is another program", async () => {
  for (const method of ["GET", "POST"]) {
    for (const lock of ["free", "absent"] as const) {
      const { clock, state, fetch } = rig([{ ms: 100, is: new Unproven("") }]);
      const answer = watch(fetch(URL_OF_IT, { method }));
      await clock.advance(50);
      state.lock = lock;
      await clock.advance(100);
      const { ConnectionRefused } = Deno.errors;
      const kind = lock === "free" ? ConnectionRefused : Unproven;
      assert.ok(answer.error instanceof kind, `${method} ${lock}`);
    }
  }
});

Deno.test("patientFetch: other errors are told at once, whatever the request", async () => {
  for (const method of ["GET", "POST"]) {
    const { clock, asked, fetch } = rig([{ ms: 0, is: new TypeError("no") }]);
    const answer = watch(fetch(URL_OF_IT, { method }));
    await clock.advance(1_000);
    assert.ok(answer.error instanceof TypeError);
    assert.equal(asked.length, 1);
  }
});

Deno.test("patientFetch: gives up after 10 s, at once without the lock, and with the signal's reason", async () => {
  const long = rig([{ ms: 0, is: refused() }]);
  const late = watch(long.fetch(URL_OF_IT, { method: "GET" }));
  await long.clock.advance(9_000);
  assert.deepEqual(late, {});
  await long.clock.advance(1_500);
  const unreached = late.error as Failure;
  assert.equal(unreached.code, "DAEMON_UNREACHED");
  assert.match(unreached.message, /\(pid 4711 .*, and nobody listens at/);
  assert.match(unreached.fix, /kill 4711/);

  const slow = rig([{ ms: 0, is: refused() }]);
  const limit = new AbortController();
  const ended = watch(
    slow.fetch(URL_OF_IT, { method: "GET", signal: limit.signal }),
  );
  await slow.clock.advance(500);
  limit.abort(new DOMException("late", "TimeoutError"));
  await slow.clock.advance(0);
  assert.equal((ended.error as Failure).code, "DAEMON_UNREACHED");

  const gone = rig([{ ms: 0, is: refused() }]);
  gone.state.lock = "absent";
  const none = watch(gone.fetch(URL_OF_IT, { method: "GET" }));
  await gone.clock.advance(0);
  assert.ok(none.error instanceof Deno.errors.ConnectionRefused);

  const stop = new AbortController();
  const stopped = rig([{ ms: 0, is: refused() }]);
  const init = { method: "GET", signal: stop.signal };
  const aborted = watch(stopped.fetch(URL_OF_IT, init));
  await stopped.clock.advance(500);
  const reason = new Error("enough");
  stop.abort(reason);
  await stopped.clock.advance(0);
  assert.equal(aborted.error, reason);
  assert.equal(stopped.clock.pending, 0);
});

Deno.test("patientFetch: where another program has the port of a daemon that runs, it has another network", async () => {
  const { clock, fetch } = rig([{ ms: 0, is: new Unproven("another") }]);
  const answer = watch(fetch(URL_OF_IT, { method: "GET" }));
  await clock.advance(10_500);
  const { code, message } = answer.error as Failure;
  assert.equal(code, "DAEMON_UNREACHED");
  assert.match(message, /\(pid 4711 .*, and another program listens at/);
});

const HANDED_OVER: ApiResponse = { ...OK, ok: false, status: 421 };

Deno.test("patientFetch: a question of a daemon that hands over is asked of the next one, with its token, for what is left of its wait", async () => {
  const { clock, asked, shown, state, fetch } = rig([
    { ms: 12_000, is: HANDED_OVER },
    { ms: 0, is: refused() },
    { ms: 0, is: refused() },
    { ms: 0, is: OK },
  ]);
  const headers = { authorization: "Bearer first" };
  const answer = watch(fetch(URL_OF_IT, { method: "GET", headers }));
  await clock.advance(11_950);
  // Between the two nobody has the lock, or tells where it is.
  Object.assign(state, { lock: "free", isGone: true });
  await clock.advance(200);
  assert.deepEqual([answer, asked.length], [{}, 2]);
  Object.assign(state, { lock: "held", isGone: false });
  await clock.advance(200);
  assert.equal(answer.value?.status, 200);
  assert.deepEqual(asked.slice(0, 2), [URL_OF_IT, URL_OF_IT]);
  assert.equal(
    asked.at(-1),
    "http://127.0.0.1:9901/v2/messages?wait_ms=17700",
  );
  assert.equal(shown[0], "Bearer first");
  assert.equal(shown.at(-1), "Bearer next");
});

Deno.test("patientFetch: after a daemon that hands over nobody is waited for longer than 15 s", async () => {
  const { clock, state, fetch } = rig([
    { ms: 0, is: HANDED_OVER },
    { ms: 0, is: refused() },
  ]);
  const answer = watch(fetch(URL_OF_IT, { method: "GET" }));
  await clock.advance(100);
  state.lock = "free";
  await clock.advance(14_500);
  assert.deepEqual(answer, {});
  await clock.advance(1_000);
  assert.ok(answer.error instanceof Deno.errors.ConnectionRefused);
});

Deno.test("patientFetch: that a daemon hands over is no answer to a question alone", async () => {
  const { clock, asked, fetch } = rig([{ ms: 0, is: HANDED_OVER }]);
  const answer = watch(fetch(URL_OF_IT, { method: "POST" }));
  await clock.advance(1_000);
  assert.deepEqual([answer.value?.status, asked.length], [421, 1]);
});
