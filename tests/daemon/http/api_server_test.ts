import assert from "node:assert/strict";
import { pageSessions } from "../../fakes/page_sessions.ts";
import { ApiServer } from "../../../daemon/http/api_server.ts";
import { systemClock } from "../../../lib/clock.ts";
import { silentLogger } from "../../../lib/log.ts";
import { FakeAgent } from "../../fakes/fake_agent.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };
const AUTHORIZED = { headers: { authorization: "Bearer t" } };

function serverOn(
  api: { hostname: string; port: number },
  { clock = systemClock, insist = false, isAnyPort = false } = {},
): ApiServer {
  const lost = () => assert.fail("it may listen there");
  return new ApiServer({
    pages: pageSessions(),
    ...{ api, token: "t", clock, log: silentLogger, insist, isAnyPort, lost },
  });
}

Deno.test("ApiServer: what comes before there is an agent waits for it", async () => {
  const server = serverOn(LOOPBACK);
  const listening = await server.listen();
  assert.ok(listening.ok);
  assert.equal(server.address, `http://127.0.0.1:${listening.port}`);
  const early = fetch(`${server.address}/v2/identity`, AUTHORIZED);
  server.serve(new FakeAgent());
  const response = await early;
  assert.deepEqual(await response.json(), { id: "A0", name: "ada" });
  await server.close();
});

Deno.test("ApiServer: a port in use is told as such", async () => {
  using taken = Deno.listen(LOOPBACK);
  const server = serverOn({ ...LOOPBACK, port: taken.addr.port });
  const listening = await server.listen();
  assert.deepEqual([listening.ok, !listening.ok && listening.isInUse], [
    false,
    true,
  ]);
});

Deno.test("ApiServer: where nobody chose the port, one in use is no matter", async () => {
  using taken = Deno.listen(LOOPBACK);
  const api = { ...LOOPBACK, port: taken.addr.port };
  const server = serverOn(api, { isAnyPort: true });
  const listening = await server.listen();
  assert.ok(listening.ok);
  assert.notEqual(listening.port, api.port);
  assert.equal(server.address, `http://127.0.0.1:${listening.port}`);
  await server.close();
});

Deno.test("ApiServer: one that insists gets its address as soon as it is free", async () => {
  const clock = new FakeClock();
  const taken = Deno.listen(LOOPBACK);
  const api = { ...LOOPBACK, port: taken.addr.port };
  const server = serverOn(api, { clock, insist: true });
  const pending = server.listen();
  await clock.advance(1_000);
  taken.close();
  await clock.advance(250);
  assert.deepEqual(await pending, { ok: true, port: api.port });
  await server.close();
});

Deno.test("ApiServer: one that insists in vain listens elsewhere after 3 s", async () => {
  const clock = new FakeClock();
  using taken = Deno.listen(LOOPBACK);
  const api = { ...LOOPBACK, port: taken.addr.port };
  const server = serverOn(api, { clock, insist: true });
  const pending = server.listen();
  await clock.advance(3_250);
  const listening = await pending;
  assert.ok(listening.ok && listening.port !== api.port);
  assert.equal(server.address, `http://127.0.0.1:${listening.port}`);
  await server.close();
});

Deno.test("ApiServer: a caller that goes away ends its wait; close sends the others home with an answer", async () => {
  const server = serverOn(LOOPBACK);
  await server.listen();
  const agent = new FakeAgent();
  const aborted = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const { messages } = agent;
  agent.messages = (query, signal) => {
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    asked.resolve();
    return messages.call(agent, query, signal);
  };
  server.serve(agent);
  const url = `${server.address}/v2/messages?wait_ms=60000`;
  const gone = new AbortController();
  const first = fetch(url, { ...AUTHORIZED, signal: gone.signal });
  await asked.promise;
  gone.abort();
  await assert.rejects(first);
  await aborted.promise;

  const again = Promise.withResolvers<void>();
  agent.messages = (query, signal) => {
    again.resolve();
    return messages.call(agent, query, signal);
  };
  const second = fetch(url, AUTHORIZED);
  await again.promise;
  const [response] = await Promise.all([second, server.close()]);
  assert.equal((await response.json()).remaining, 0);
});
