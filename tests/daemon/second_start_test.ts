import assert from "node:assert/strict";
import { DataDir } from "../../daemon/data_dir.ts";
import {
  type LockOrRunning,
  lockOrRunning,
} from "../../daemon/second_start.ts";
import { Failure } from "../../lib/errors.ts";
import { FakeClock } from "../fakes/fake_clock.ts";

const LOCK = { release() {} };
const DIR = new DataDir("/data");

function rig(files: Record<string, string>) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const state = {
    isFree: false,
    answer: (): Promise<Response> => Promise.reject(new TypeError("refused")),
  };
  const running = lockOrRunning({
    dir: DIR,
    clock,
    takeLock: () => Promise.resolve(state.isFree ? LOCK : null),
    fetch: (url, init) => {
      const headers = new Headers(init.headers);
      asked.push(`${url} ${headers.get("authorization")}`);
      return state.answer();
    },
    readTextFile: (path) => {
      const text = files[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(text);
    },
  });
  return { clock, asked, state, running };
}

function pidOf(found: LockOrRunning): number | undefined {
  return "running" in found ? found.running.pid : undefined;
}

const FILES = {
  "/data/api.addr": "127.0.0.1:4711\n",
  "/data/api.token": "t\n",
  "/data/daemon.pid": "77\n",
};
const HEALTHY = () => Promise.resolve(Response.json({ pid: 77 }));

Deno.test("lockOrRunning: asks at the address and with the token of the files", async () => {
  const { asked, state, running } = rig(FILES);
  state.answer = HEALTHY;
  assert.equal(pidOf(await running), 77);
  assert.deepEqual(asked, ["http://127.0.0.1:4711/v2/status Bearer t"]);
});

Deno.test("lockOrRunning: waits for one that is just starting", async () => {
  const files: Record<string, string> = {};
  const { clock, state, running } = rig(files);
  await clock.advance(2_000);
  Object.assign(files, FILES);
  await clock.advance(500);
  state.answer = HEALTHY;
  await clock.advance(500);
  assert.equal(pidOf(await running), 77);
});

Deno.test("lockOrRunning: names the pid of one that does not answer within 15 s", async () => {
  for (const answer of [undefined, () => new Promise<Response>(() => {})]) {
    const { clock, state, running } = rig(FILES);
    if (answer) state.answer = answer;
    const failed = assert.rejects(
      running,
      (e) =>
        e instanceof Failure && e.code === "DAEMON_UNHEALTHY" &&
        e.message.includes("pid 77"),
    );
    await clock.advance(16_000);
    await failed;
  }
});

Deno.test("lockOrRunning: a free lock is taken, and nobody is asked", async () => {
  const { clock, state, asked, running } = rig({});
  state.isFree = true;
  await clock.advance(200);
  assert.deepEqual(await running, { lock: LOCK });
  assert.deepEqual(asked, []);
});

Deno.test("lockOrRunning: a daemon that is about to stop is waited for, not taken for one that runs", async () => {
  const { clock, state, running } = rig(FILES);
  state.answer = () =>
    Promise.resolve(Response.json({ pid: 77, state: "stopped" }));
  await clock.advance(1_000);
  state.isFree = true;
  await clock.advance(200);
  assert.deepEqual(await running, { lock: LOCK });
});
