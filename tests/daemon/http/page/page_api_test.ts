import assert from "node:assert/strict";
import { ApiRig, type Ask, TOKEN } from "../../../fakes/api_rig.ts";

const SITE = "http://127.0.0.1:9900";
const BROWSER = { authorization: null };
const FETCH = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" };

/** A browser that opened the page. */
async function browser() {
  const rig = new ApiRig();
  const opened = await rig.ask(`/page/open/${rig.pages.ticket()}`, BROWSER);
  const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const path = /url=(\/page\/[0-9a-f]+\/)/.exec(await opened.text())?.[1] ?? "";
  const ask = (rest: string, more: Ask = {}) =>
    rig.ask(path + rest, {
      ...BROWSER,
      ...more,
      headers: { cookie, ...FETCH, ...more.headers },
    });
  const send = (body: unknown, more: Ask = {}) =>
    ask("v2/send", {
      ...{ method: "POST", origin: SITE, body: JSON.stringify(body) },
      ...more,
    });
  return { rig, opened, path, ask, send };
}

Deno.test("answerPage: a link opens once, sets a strict cookie for its own path, and names no token", async () => {
  const { rig, opened, path } = await browser();
  assert.equal(opened.status, 200);
  assert.match(
    opened.headers.get("set-cookie") ?? "",
    new RegExp(`; Path=${path}; HttpOnly; SameSite=Strict$`),
  );
  const again = await rig.ask("/page/open/010101", BROWSER);
  assert.equal(again.status, 403);
  assert.equal(await again.text(), "");
});

Deno.test("answerPage: the document and its files, with a strict policy; the daemon's answers behind the same path", async () => {
  const { ask, path } = await browser();
  const html = await (await ask("")).text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)];
  assert.equal(files.length, 3);
  for (const [, file = ""] of files) {
    const response = await ask(file.slice(path.length));
    assert.equal(response.status, 200, file);
    assert.match(
      response.headers.get("content-security-policy") ?? "",
      /default-src 'none'/,
    );
    await response.body?.cancel();
  }
  const status = await ask("v2/status");
  assert.equal(status.status, 200);
  assert.ok(!(await status.text()).includes(TOKEN));
});

Deno.test("answerPage: who lacks the cookie, the path, the Host or the Origin gets nothing, and changes nothing", async () => {
  const { rig, ask, send } = await browser();
  const before = rig.agent.calls.length;
  const body = { room: "tea", text: "x" };
  const tries: Promise<Response>[] = [
    ask("v2/status", { headers: { cookie: "" } }),
    ask("v2/status", { headers: { cookie: "agentnet_page=00" } }),
    ask("v2/status", { host: "evil.example:9900" }),
    ask("v2/status", { host: null }),
    ask("v2/status", { origin: "http://evil.example" }),
    ask("v2/status", { origin: "http://127.0.0.1:9901" }),
    ask("v2/status", { origin: "null" }),
    ask("v2/status", { headers: { "sec-fetch-site": "same-site" } }),
    ask("v2/status", { headers: { "sec-fetch-site": "cross-site" } }),
    send(body, { origin: "http://evil.example" }),
    rig.ask("/page/0101/v2/status", BROWSER),
    rig.ask("/page/open/x", BROWSER),
    rig.ask("/page/", BROWSER),
  ];
  for (const response of await Promise.all(tries)) {
    assert.equal(response.status, 403);
    assert.equal(await response.text(), "");
  }
  assert.equal(rig.agent.calls.length, before);
});

Deno.test("answerPage: a link is followed, not fetched by another site, nor sent to another Host", async () => {
  const rig = new ApiRig();
  const path = () => `/page/open/${rig.pages.ticket()}`;
  const tries = [
    rig.ask(path(), { ...BROWSER, headers: { "sec-fetch-mode": "cors" } }),
    rig.ask(path(), { ...BROWSER, origin: "http://evil.example" }),
    rig.ask(path(), { ...BROWSER, host: "evil.example" }),
    rig.ask(path(), { ...BROWSER, method: "POST" }),
  ];
  for (const response of await Promise.all(tries)) {
    assert.equal(response.status, 403);
  }
  const followed = { "sec-fetch-mode": "navigate", "sec-fetch-site": "none" };
  const response = await rig.ask(path(), { ...BROWSER, headers: followed });
  assert.equal(response.status, 200);
});

Deno.test("answerPage: a send is marked as a person's, whatever the body says, and lifts no brake", async () => {
  const { rig, send } = await browser();
  const body = { room: "tea", text: "x", id: "i", reply_to: "r" };
  const more = { force: true, kind: "claim", written_by: "agent" };
  assert.equal((await send({ ...body, ...more })).status, 200);
  assert.deepEqual(rig.agent.changes, [
    ["send", { ...body, written_by: "person" }],
  ]);
});

Deno.test("answerPage: a text that looks like a secret is held back; one that is no JSON is refused", async () => {
  const { rig, send } = await browser();
  const held = await send({ room: "tea", text: `token ${TOKEN}` });
  assert.equal(held.status, 422);
  assert.ok(!(await held.text()).includes(TOKEN));
  const typed = await send({ room: "tea", text: "x" }, { type: "text/plain" });
  assert.equal(typed.status, 415);
  assert.deepEqual(rig.agent.changes, []);
});

Deno.test("answerPage: who waits is shown, accepted and dropped; of the body the agent alone is passed on", async () => {
  const { rig, ask, send } = await browser();
  assert.equal((await ask("v2/requests")).status, 200);
  const body = JSON.stringify({ agent: "x".repeat(44), force: true });
  for (const name of ["accept", "drop_request"]) {
    const asked = { method: "POST", origin: SITE, body };
    assert.equal((await ask(`v2/${name}`, asked)).status, 200, name);
    const { origin: _, ...bare } = asked;
    assert.equal((await ask(`v2/${name}`, bare)).status, 403, name);
    const typed = await send({}, { ...asked, type: "text/plain" });
    assert.equal(typed.status, 415, name);
  }
  assert.deepEqual(rig.agent.changes, [
    ["accept", { agent: "x".repeat(44) }],
    ["drop_request", { agent: "x".repeat(44) }],
  ]);
});

Deno.test("answerPage: nothing else of the daemon is reached", async () => {
  const { rig, ask } = await browser();
  const gets = ["v2/wake?watcher=a", "v2/digest", "v2/nix", "../v2/status"];
  for (const path of gets) {
    assert.ok((await ask(path)).status >= 400, path);
  }
  for (const name of ["stop", "read", "leave", "human", "page", "invite"]) {
    const asked = { method: "POST", origin: SITE, body: "{}" };
    assert.equal((await ask(`v2/${name}`, asked)).status, 404, name);
  }
  assert.deepEqual(rig.agent.changes, []);
});
