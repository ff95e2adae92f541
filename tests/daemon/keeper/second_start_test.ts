import assert from "node:assert/strict";
import { DataDir } from "../../../daemon/keeper/data_dir.ts";
import {
  type LockOrRunning,
  lockOrRunning,
} from "../../../daemon/keeper/second_start.ts";
import { Failure } from "../../../lib/errors.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const LOCK = {
  file: { isNamed: () => Promise.resolve(true), release: () => {} },
  releaseFolder: () => {},
  release: () => void released++,
};
let released = 0;
const DIR = new DataDir("/data");

function rig(
  files: Record<string, string>,
  { isFree = false, takesOver = false } = {},
) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const state = {
    isFree,
    answer: (): Promise<Response> => Promise.reject(new TypeError("refused")),
  };
  const running = lockOrRunning({
    dir: DIR,
    clock,
    takeLock: () => Promise.resolve(state.isFree ? LOCK : null),
    takesOver: ({ held_by }) => takesOver && held_by === "mcp",
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
const STATUS = {
  pid: 77,
  api: "http://127.0.0.1:4711",
  relay: "wss://relay.example.org/v1/ws",
  state: "connected",
};
const HEALTHY = () => Promise.resolve(Response.json(STATUS));

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

Deno.test("lockOrRunning: names the pid of one that does not answer within 30 s", async () => {
  for (const answer of [undefined, () => new Promise<Response>(() => {})]) {
    const { clock, state, running } = rig(FILES);
    if (answer) state.answer = answer;
    const failed = assert.rejects(
      running,
      (e) =>
        e instanceof Failure && e.code === "DAEMON_UNHEALTHY" &&
        e.message.includes("pid 77"),
    );
    await clock.advance(31_000);
    await failed;
  }
});

Deno.test("lockOrRunning: without an address a free lock is taken, and nobody is asked", async () => {
  const { clock, state, asked, running } = rig({});
  state.isFree = true;
  await clock.advance(200);
  assert.deepEqual(await running, { lock: LOCK });
  assert.deepEqual(asked, []);
});

Deno.test("lockOrRunning: a daemon that is about to stop is waited for, not taken for one that runs", async () => {
  const { clock, state, running } = rig(FILES);
  state.answer = () =>
    Promise.resolve(Response.json({ ...STATUS, state: "stopped" }));
  await clock.advance(1_000);
  state.isFree = true;
  state.answer = () => Promise.reject(new TypeError("refused"));
  await clock.advance(200);
  assert.deepEqual(await running, { lock: LOCK });
});

Deno.test("lockOrRunning: a free lock beside a daemon that answers is given back, and the daemon told", async () => {
  released = 0;
  const { state, running } = rig(FILES, { isFree: true });
  state.answer = HEALTHY;
  assert.equal(pidOf(await running), 77);
  assert.equal(released, 1);
});

Deno.test("lockOrRunning: a free lock beside one that stops is taken once it is gone", async () => {
  const { clock, state, running } = rig(FILES, { isFree: true });
  state.answer = () =>
    Promise.resolve(Response.json({ ...STATUS, state: "stopped" }));
  let found: LockOrRunning | undefined;
  void running.then((one) => found = one);
  await clock.advance(1_000);
  assert.equal(found, undefined);
  state.answer = () => Promise.reject(new TypeError("refused"));
  await clock.advance(200);
  assert.deepEqual(await running, { lock: LOCK });
});

Deno.test("lockOrRunning: files of a killed daemon do not keep a start waiting", async () => {
  const { running } = rig(FILES, { isFree: true });
  assert.deepEqual(await running, { lock: LOCK });
});

Deno.test("lockOrRunning: a free lock beside what accepts and never answers is taken after 3 s", async () => {
  const { clock, state, running } = rig(FILES, { isFree: true });
  state.answer = () => new Promise<Response>(() => {});
  let found: LockOrRunning | undefined;
  void running.then((one) => found = one);
  await clock.advance(2_900);
  assert.equal(found, undefined);
  await clock.advance(200);
  assert.deepEqual(await running, { lock: LOCK });
});

/** What another program, or another agent's daemon, may answer at an address of old. */
const STRANGERS: Readonly<Record<string, () => Response>> = {
  "a page": () => new Response("<html>"),
  "another agent's daemon": () =>
    Response.json({ error: new Failure("BAD_TOKEN").toJson() }, {
      status: 401,
    }),
  "nothing": () => Response.json(null),
  "an empty object": () => Response.json({}),
  "another process": () => Response.json({ ...STATUS, pid: 78 }),
  "another address": () =>
    Response.json({ ...STATUS, api: "http://127.0.0.1:1" }),
  "a state that is none": () => Response.json({ ...STATUS, state: "fine" }),
  "a relay that steers a terminal": () =>
    Response.json({ ...STATUS, relay: "\u001b[2J" }),
};

for (const [name, answer] of Object.entries(STRANGERS)) {
  Deno.test(`lockOrRunning: ${name} at the address is no daemon of the folder`, async () => {
    const { state, running } = rig(FILES, { isFree: true });
    state.answer = () => Promise.resolve(answer());
    assert.deepEqual(await running, { lock: LOCK });
  });
}

Deno.test("lockOrRunning: an address beyond loopback is asked nothing", async () => {
  const files = { ...FILES, "/data/api.addr": "192.0.2.1:80\n" };
  const { asked, running } = rig(files, { isFree: true });
  assert.deepEqual(await running, { lock: LOCK });
  assert.deepEqual(asked, []);
});

Deno.test("lockOrRunning: one that an agent program's MCP server holds is reported, or asked to hand over and waited for", async () => {
  const held = { ...STATUS, held_by: "mcp" };
  const left = rig(FILES);
  left.state.answer = () => Promise.resolve(Response.json(held));
  assert.equal(pidOf(await left.running), 77);
  const { clock, asked, state, running } = rig(FILES, { takesOver: true });
  state.answer = () =>
    Promise.resolve(
      Response.json(
        asked.at(-1)?.includes("handover") ? { status: "handing over" } : held,
      ),
    );
  await clock.advance(200);
  const routes = asked.map((one) => new URL(one.split(" ")[0]!).pathname);
  assert.deepEqual(routes.slice(0, 2), ["/v2/status", "/v2/handover"]);
  state.isFree = true;
  state.answer = () => Promise.reject(new TypeError("refused"));
  await clock.advance(200);
  assert.deepEqual(await running, { lock: LOCK });
});

Deno.test("lockOrRunning: a daemon of its own is never asked to hand over", async () => {
  const { asked, state, running } = rig(FILES, { takesOver: true });
  const own = { ...STATUS, held_by: "daemon" };
  state.answer = () => Promise.resolve(Response.json(own));
  assert.equal(pidOf(await running), 77);
  assert.equal(asked.length, 1);
});
