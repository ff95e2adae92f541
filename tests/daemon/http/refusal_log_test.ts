import assert from "node:assert/strict";
import { pageSessions } from "../../fakes/page_sessions.ts";
import { createApi } from "../../../daemon/http/api.ts";
import { hostsOf } from "../../../daemon/http/gate.ts";
import { RefusalLog } from "../../../daemon/http/refusal_log.ts";
import { createLogger } from "../../../lib/log.ts";
import { FakeAgent } from "../../fakes/fake_agent.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

function bed() {
  const clock = new FakeClock();
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    ...{ format: "json", level: "info", wall: () => clock.wall() },
    write: (line) => void lines.push(JSON.parse(line)),
  });
  const stopping = new AbortController();
  const options = { clock, log, stopping: stopping.signal };
  /** Code and count of each line. */
  const told = () => lines.map(({ code, more }) => more ? [code, more] : code);
  return { ...{ clock, stopping, options, told }, lines };
}

Deno.test("RefusalLog: of a code one line a minute, with how many more there were since the last", async () => {
  const { clock, options, told } = bed();
  const refusals = new RefusalLog(options);
  for (let i = 0; i < 1_000; i++) refusals.refused("BAD_TOKEN");
  assert.deepEqual(told(), ["BAD_TOKEN"]);
  await clock.advance(59_999);
  refusals.refused("BAD_TOKEN");
  assert.deepEqual(told(), ["BAD_TOKEN"]);
  await clock.advance(1);
  assert.deepEqual(told(), ["BAD_TOKEN", ["BAD_TOKEN", 1_000]]);
  refusals.refused("BAD_TOKEN");
  assert.equal(told().length, 2, "the minute begins anew with each line");
  await clock.advance(60_000);
  assert.deepEqual(told().at(-1), ["BAD_TOKEN", 1]);
});

Deno.test("RefusalLog: a minute without one ends the count, and no timer is left", async () => {
  const { clock, options, told } = bed();
  const refusals = new RefusalLog(options);
  refusals.refused("BAD_TOKEN");
  await clock.advance(60_000);
  assert.equal(clock.pending, 0);
  refusals.refused("BAD_TOKEN");
  assert.deepEqual(told(), ["BAD_TOKEN", "BAD_TOKEN"]);
});

Deno.test("RefusalLog: each code has a line of its own", () => {
  const { options, told } = bed();
  const refusals = new RefusalLog(options);
  refusals.refused("BAD_TOKEN");
  refusals.refused("REQUEST_REFUSED");
  assert.deepEqual(told(), ["BAD_TOKEN", "REQUEST_REFUSED"]);
});

Deno.test("RefusalLog: at the end what was not written is told, and no timer is left", () => {
  const { clock, stopping, options, told } = bed();
  const refusals = new RefusalLog(options);
  for (let i = 0; i < 3; i++) refusals.refused("BAD_TOKEN");
  stopping.abort();
  assert.deepEqual(told(), ["BAD_TOKEN", ["BAD_TOKEN", 2]]);
  assert.equal(clock.pending, 0);
});

Deno.test("createApi: a flood of refused requests is one line in the log", async () => {
  const { lines, options } = bed();
  const api = createApi({
    pages: pageSessions(),
    ...options,
    agent: new FakeAgent(),
    token: "t",
    hosts: hostsOf({ hostname: "127.0.0.1", port: 9900 }),
  });
  for (let i = 0; i < 100; i++) {
    const headers = { host: "127.0.0.1:9900" };
    const request = new Request("http://127.0.0.1:9900/v2/status", { headers });
    assert.equal((await api(request)).status, 401);
  }
  assert.equal(lines.length, 1);
});
