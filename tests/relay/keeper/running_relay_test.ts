import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { isRelayRunning } from "../../../relay/keeper/running_relay.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const FILES: Readonly<Record<string, string>> = {
  "/data/admin.addr": "127.0.0.1:4711",
  "/data/admin.token": "t",
};

/** Asks with these files, and keeps what was asked. */
function rig(files: Readonly<Record<string, string | Error>>) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const state = {
    answer: (): Promise<Response> => Promise.reject(new TypeError("refused")),
  };
  const isRunning = () =>
    isRelayRunning({
      dataDir: "/data",
      clock,
      fetch: (url, init) => {
        const { authorization } = Object.fromEntries(
          new Headers(init.headers),
        );
        asked.push(`${init.method} ${url} ${authorization}`);
        return state.answer();
      },
      readText: (path) => {
        const text = files[path] ?? new Deno.errors.NotFound(path);
        return text instanceof Error
          ? Promise.reject(text)
          : Promise.resolve(text);
      },
    });
  return { clock, asked, state, isRunning };
}

const refusal = (code: "BAD_TOKEN" | "NOT_FOUND" | "TOO_MANY_WAITING") => {
  const failure = new Failure(code);
  const { httpStatus: status } = failure;
  return Response.json({ error: failure.toJson() }, { status });
};

Deno.test("isRelayRunning: asks at the address and with the token of the files", async () => {
  const { asked, state, isRunning } = rig(FILES);
  state.answer = () =>
    Promise.resolve(
      Response.json({ program: "agentnet relay", version: "0.1.0" }),
    );
  assert.equal(await isRunning(), true);
  assert.deepEqual(asked, ["POST http://127.0.0.1:4711/v1/ping Bearer t"]);
});

Deno.test("isRelayRunning: without the files nobody is asked", async () => {
  for (const name of ["/data/admin.addr", "/data/admin.token"]) {
    const { [name]: _gone, ...rest } = FILES;
    const { asked, isRunning } = rig(rest);
    assert.equal(await isRunning(), false);
    assert.deepEqual(asked, []);
  }
});

Deno.test("isRelayRunning: an address beyond loopback is asked nothing", async () => {
  const { asked, isRunning } = rig({
    ...FILES,
    "/data/admin.addr": "192.0.2.1:80",
  });
  assert.equal(await isRunning(), false);
  assert.deepEqual(asked, []);
});

Deno.test("isRelayRunning: files of a killed relay hold nobody up", async () => {
  const { clock, isRunning } = rig(FILES);
  assert.equal(await isRunning(), false);
  assert.equal(clock.pending, 0);
});

Deno.test("isRelayRunning: what accepts and never answers is given up after 3 s", async () => {
  const { clock, state, isRunning } = rig(FILES);
  state.answer = () => new Promise<Response>(() => {});
  let answer: boolean | undefined;
  const asking = isRunning().then((one) => answer = one);
  await clock.advance(2_900);
  assert.equal(answer, undefined);
  await clock.advance(200);
  assert.equal(await asking, false);
});

Deno.test("isRelayRunning: files that can't be read are no reason to start beside them", async () => {
  const { isRunning } = rig({
    ...FILES,
    "/data/admin.addr": new Deno.errors.PermissionDenied("no"),
  });
  await assert.rejects(
    isRunning(),
    (error) => error instanceof Failure && error.code === "FILE_TROUBLE",
  );
});

/** Who may answer at an address of old, and whether it is the relay of the folder. */
const ANSWERS: readonly [who: string, answer: () => Response, boolean][] = [
  ["a page", () => new Response("<html>"), false],
  ["nothing", () => Response.json(null), false],
  ["an empty object", () => Response.json({}), false],
  ["another program", () => Response.json({ program: "other" }), false],
  ["another folder's relay", () => refusal("BAD_TOKEN"), false],
  ["a relay that knows no ping", () => refusal("NOT_FOUND"), true],
  ["a relay that is busy", () => refusal("TOO_MANY_WAITING"), true],
];

for (const [who, answer, isRelay] of ANSWERS) {
  Deno.test(`isRelayRunning: ${who} is ${isRelay ? "the" : "no"} relay of the folder`, async () => {
    const { state, isRunning } = rig(FILES);
    state.answer = () => Promise.resolve(answer());
    assert.equal(await isRunning(), isRelay);
  });
}
