import assert from "node:assert/strict";
import { hostsOf } from "../../../daemon/http/gate.ts";
import { tokenProof } from "../../../lib/host/token_challenge.ts";
import { ApiRig, type Ask, TOKEN } from "../../fakes/api_rig.ts";

const JOIN = JSON.stringify({ room: "tea" });
const post = (ask: Ask = {}): Ask => ({ method: "POST", body: JOIN, ...ask });
const bearer = (token: string): Ask => ({ authorization: token });

/** What is asked, and the status that must come. Anything but 200 must not reach the agent. */
const TABLE: readonly [path: string, ask: Ask, status: number][] = [
  // Host
  ["/v2/status", {}, 200],
  ["/v2/status", { host: "localhost:9900" }, 200],
  ["/v2/status", { host: "[::1]:9900" }, 200],
  ["/v2/status", { host: null }, 403],
  ["/v2/status", { host: "" }, 403],
  ["/v2/status", { host: "127.0.0.1" }, 403],
  ["/v2/status", { host: "127.0.0.1:9901" }, 403],
  ["/v2/status", { host: "127.0.0.1:9900." }, 403],
  ["/v2/status", { host: "localhost" }, 403],
  ["/v2/status", { host: "LOCALHOST:9900" }, 403],
  ["/v2/status", { host: "localhost.evil.example:9900" }, 403],
  ["/v2/status", { host: "evil.example" }, 403],
  ["/v2/status", { host: "evil.example:9900" }, 403],
  ["/v2/status", { host: "127.0.0.1:9900, evil.example" }, 403],
  ["/v2/status", { host: "user@127.0.0.1:9900" }, 403],
  ["/v2/status", { host: "0.0.0.0:9900" }, 403],
  ["/v2/status", { host: "127.0.0.2:9900" }, 403],
  ["/v2/status", { host: "[::]:9900" }, 403],
  // Origin
  ["/v2/status", { origin: "https://evil.example" }, 403],
  ["/v2/status", { origin: "null" }, 403],
  ["/v2/status", { origin: "" }, 403],
  ["/v2/status", { origin: "http://127.0.0.1:9900" }, 403],
  ["/v2/status", { origin: "http://localhost:9900" }, 403],
  ["/v2/join", post({ origin: "https://evil.example" }), 403],
  ["/messages", { origin: "https://evil.example" }, 403],
  // Token
  ["/v2/status", { authorization: null }, 401],
  ["/v2/status", bearer(""), 401],
  ["/v2/status", bearer("Bearer"), 401],
  ["/v2/status", bearer("Bearer "), 401],
  ["/v2/status", bearer(TOKEN), 401],
  ["/v2/status", bearer(`bearer ${TOKEN}`), 401],
  ["/v2/status", bearer(`Basic ${TOKEN}`), 401],
  ["/v2/status", bearer(`Bearer ${TOKEN}x`), 401],
  ["/v2/status", bearer(`Bearer ${TOKEN.slice(1)}`), 401],
  ["/v2/status", bearer(`Bearer ${TOKEN.toLowerCase()}`), 401],
  ["/v2/status", bearer(`Bearer  ${TOKEN}`), 401],
  ["/v2/status", bearer(`Bearer ${TOKEN}, Bearer ${TOKEN}`), 401],
  ["/v2/join", post({ authorization: null }), 401],
  ["/send", post({ authorization: "Bearer wrong" }), 401],
  ["/messages", { authorization: null }, 401],
  ["/nowhere", { authorization: null }, 401],
  // Method and route
  ["/v2/status", { method: "HEAD" }, 405],
  ["/v2/status", { method: "OPTIONS" }, 405],
  ["/v2/status", { method: "DELETE" }, 405],
  ["/v2/status", post(), 405],
  ["/v2/join", { method: "GET" }, 405],
  ["/v2/join", { method: "PUT", body: JOIN }, 405],
  ["/v2/join", { method: "PATCH", body: JOIN }, 405],
  ["/v2/stop", { method: "GET" }, 405],
  ["/v2/read", { method: "GET" }, 405],
  ["/messages", { method: "HEAD" }, 405],
  ["/messages", post(), 405],
  ["/send", { method: "GET" }, 405],
  ["/stop", { method: "GET" }, 405],
  ["/", {}, 404],
  ["/v2", {}, 404],
  ["/v2/", {}, 404],
  ["/v2/nowhere", {}, 404],
  ["/v2/status/", {}, 404],
  ["//v2/status", {}, 404],
  ["/V2/status", {}, 404],
  ["/v2/__proto__", {}, 404],
  ["/v2/../v2/stop", { method: "GET" }, 405],
  // Media type
  ["/v2/join", post(), 200],
  ["/v2/join", post({ type: "application/json; charset=utf-8" }), 200],
  ["/v2/join", post({ type: "APPLICATION/JSON" }), 200],
  ["/v2/join", post({ type: "text/plain" }), 415],
  ["/v2/join", post({ type: "text/plain; application/json" }), 415],
  ["/v2/join", post({ type: "application/jsonp" }), 415],
  ["/v2/join", post({ type: "application/x-www-form-urlencoded" }), 415],
  ["/v2/join", post({ type: "multipart/form-data; boundary=x" }), 415],
  ["/v2/join", post({ type: "" }), 415],
  ["/send", post({ type: "text/plain" }), 415],
  ["/v2/stop", { method: "POST" }, 200],
  ["/v2/stop", { method: "POST", body: "", type: "text/plain" }, 415],
  // Body
  ["/v2/join", post({ body: "" }), 400],
  ["/v2/join", post({ body: "{" }), 400],
  ["/v2/join", post({ body: "[]" }), 400],
  ["/v2/join", post({ body: "null" }), 400],
  ["/v2/join", post({ body: '"tea"' }), 400],
  ["/v2/join", post({ body: '{"room":1}' }), 400],
  ["/v2/join", post({ body: '{"room":"no room"}' }), 400],
  ["/v2/join", post({ body: '{"__proto__":{"room":"tea"}}' }), 400],
  ["/v2/join", post({ body: new Uint8Array([0x7b, 0xff, 0x7d]) }), 400],
  ["/v2/join", post({ body: "[".repeat(100_000) }), 400],
  ["/v2/join", post({ body: JOIN + " ".repeat(128 * 1024) }), 413],
  [
    "/v2/join",
    post({ headers: { "content-length": "131073" } }),
    413,
  ],
  ["/v2/read", post({ body: '{"cursor":-1}' }), 400],
  ["/v2/read", post({ body: '{"cursor":1.5}' }), 400],
  ["/v2/read", post({ body: '{"cursor":1e300}' }), 400],
  ["/v2/read", post({ body: '{"cursor":5}' }), 200],
];

Deno.test("gate: of every Host, Origin, token, method, type and body only the allowed pass", async (t) => {
  for (const [path, ask, status] of TABLE) {
    const { body, ...rest } = ask;
    const told = `${path} ${JSON.stringify({ ...rest, body: String(body) })}`;
    await t.step(`${status} ${told.slice(0, 120)}`, async () => {
      const rig = new ApiRig();
      const response = await rig.ask(path, ask);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      const text = await response.text();
      if (status === 200) return assert.notDeepEqual(rig.agent.calls, []);
      assert.deepEqual(rig.agent.calls, []);
      assert.equal(text.includes(TOKEN), false);
    });
  }
});

Deno.test("gate: an error is JSON under /v2/ and one line of text elsewhere", async () => {
  const rig = new ApiRig();
  const ours = await rig.ask("/v2/nowhere");
  const { error } = await ours.json();
  assert.deepEqual(Object.keys(error), ["code", "message", "fix"]);
  assert.equal(error.code, "NOT_FOUND");
  const theirs = await rig.ask("/nowhere");
  assert.match(theirs.headers.get("content-type") ?? "", /^text\/plain/);
  assert.match(await theirs.text(), /^[^\n]+\n$/);
});

Deno.test("readJson: a body without end is cut at 128 KB, one that stalls after 10 s", async () => {
  const rig = new ApiRig();
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1024;
      controller.enqueue(new Uint8Array(1024).fill(32));
    },
  });
  const large = await rig.ask("/v2/join", post({ body: endless }));
  assert.equal(large.status, 413);
  assert.ok(pulled < 256 * 1024, `${pulled} bytes were taken`);
  const stalled = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([123])),
  });
  const pending = rig.ask("/v2/join", post({ body: stalled }));
  await rig.clock.advance(10_000);
  assert.equal((await pending).status, 400);
  assert.equal(rig.clock.pending, 0);
});

Deno.test("hostsOf: the bound address and loopback's names, with the port", () => {
  assert.deepEqual(hostsOf({ hostname: "127.0.0.1", port: 1 }), [
    "127.0.0.1:1",
    "localhost:1",
    "[::1]:1",
  ]);
  assert.ok(
    hostsOf({ hostname: "127.0.0.9", port: 1 }).includes("127.0.0.9:1"),
  );
});

const NONCE = "0123456789abcdef0123456789abcdef";
const CHALLENGE = `/challenge?nonce=${NONCE}`;

Deno.test("challenge: answered without the token, by a proof for the Host that was asked, and by nothing else", async () => {
  const rig = new ApiRig();
  const hosts = ["127.0.0.1:9900", "localhost:9900"];
  const proofs = await Promise.all(hosts.map(async (host) => {
    const answer = await rig.ask(CHALLENGE, { host, authorization: null });
    assert.equal(answer.status, 200);
    const proof = await answer.text();
    assert.equal(proof, await tokenProof(TOKEN, { nonce: NONCE, host }));
    return proof;
  }));
  assert.equal(new Set(proofs).size, hosts.length);
  for (const proof of proofs) {
    const authorization = `Bearer ${proof}`;
    const opened = await rig.ask("/v2/status", { authorization });
    assert.equal(opened.status, 401, "a proof is no token");
  }
});

Deno.test("challenge: refused for another Host, from a web page, by another method, and with a nonce of another form", async () => {
  const rig = new ApiRig();
  const asks: readonly [string, Ask, number][] = [
    [CHALLENGE, { host: "127.0.0.1:9901" }, 403],
    [CHALLENGE, { origin: "null" }, 403],
    [CHALLENGE, { method: "POST" }, 401],
    [`${CHALLENGE}0`, {}, 401],
    [CHALLENGE.toUpperCase(), {}, 401],
    ["/challenge", {}, 401],
    [`${CHALLENGE}&nonce=${NONCE}`, {}, 401],
  ];
  for (const [path, ask, status] of asks) {
    const answer = await rig.ask(path, { authorization: null, ...ask });
    assert.equal(answer.status, status, path);
  }
});
