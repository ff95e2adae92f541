import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import { AdminServer } from "../../../relay/admin/admin_server.ts";
import { BODY_BYTES } from "../../../relay/admin/body.ts";

const TOKEN = "a-token";

/** A server that keeps what it was asked to run. */
async function withServer(
  use: (server: AdminServer, ran: string[]) => Promise<void>,
): Promise<void> {
  const ran: string[] = [];
  const server = new AdminServer({
    token: TOKEN,
    requestId: () => "r1",
    log: silentLogger,
    run: (act, body) => {
      ran.push(`${act} ${JSON.stringify(body)}`);
      return Promise.resolve({ done: true });
    },
  });
  try {
    await use(server, ran);
  } finally {
    await server.stop();
  }
}

function request(
  server: AdminServer,
  change: { method?: string; headers?: Record<string, string>; body?: string } =
    {},
): Request {
  const { method = "POST", headers = {}, body = '{"agent":"x"}' } = change;
  return new Request(`http://${server.address}/v1/kick`, {
    method,
    headers: {
      host: server.address,
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      ...headers,
    },
    ...(method === "GET" ? {} : { body }),
  });
}

Deno.test("AdminServer: a good request runs the act, and the answer names the request", async () => {
  await withServer(async (server, ran) => {
    const response = await server.handle(request(server));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("x-request-id"), "r1");
    assert.deepEqual(await response.json(), { done: true });
    assert.deepEqual(ran, ['kick {"agent":"x"}']);
  });
});

Deno.test("AdminServer: whatever the gate refuses runs nothing", async () => {
  const table: [Parameters<typeof request>[1], number][] = [
    [{ headers: { authorization: "" } }, 401],
    [{ headers: { authorization: "Bearer a-tokem" } }, 401],
    [{ headers: { authorization: `bearer ${TOKEN}` } }, 401],
    [{ headers: { host: "relay.example.org" } }, 403],
    [{ headers: { host: "127.0.0.1" } }, 403],
    [{ headers: { origin: "http://127.0.0.1" } }, 403],
    [{ method: "GET" }, 405],
    [{ headers: { "content-type": "text/plain" } }, 415],
    [{ body: "{" }, 400],
    [{ body: JSON.stringify("x".repeat(BODY_BYTES)) }, 400],
  ];
  await withServer(async (server, ran) => {
    for (const [change, status] of table) {
      const response = await server.handle(request(server, change));
      assert.equal(response.status, status, JSON.stringify(change));
      const { error } = await response.json();
      assert.equal(typeof error.fix, "string");
    }
    assert.deepEqual(ran, []);
  });
});
