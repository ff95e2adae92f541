import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { ApiRig } from "../../fakes/api_rig.ts";
import { message } from "../../fakes/fake_agent.ts";

Deno.test("goRoutes: GET /status has the fields that Go programs read", async () => {
  const rig = new ApiRig();
  const status = await (await rig.ask("/status")).json();
  const { connected, relay, agent_name, version, latest_version } = status;
  assert.deepEqual(
    { connected, relay, agent_name, version, latest_version },
    {
      connected: true,
      relay: "wss://relay.example.org/v1/ws",
      agent_name: "ada",
      version: "0.1.0",
      latest_version: "0.1.0",
    },
  );
  assert.equal(status.update_available, false);
  assert.deepEqual(status.rooms, ["tea"]);
});

Deno.test("goRoutes: GET /rooms is a plain list", async () => {
  const [room] = await (await new ApiRig().ask("/rooms")).json();
  const { name, topic, tags, agents, last_active } = room;
  assert.deepEqual([name, topic, tags, agents, last_active], [
    "tea",
    "t",
    [],
    1,
    1,
  ]);
});

Deno.test("goRoutes: create and join answer the room, leave and stop a status", async () => {
  const rig = new ApiRig();
  for (const path of ["/rooms/create", "/rooms/join"]) {
    const body = { room: "tea", topic: "t", tags: null };
    const room = await (await rig.post(path, body)).json();
    assert.deepEqual(Object.keys(room), ["name", "topic", "tags", "members"]);
  }
  const left = await rig.post("/rooms/leave", { room: "tea" });
  assert.equal((await left.json()).status, "ok");
  const stop = await rig.ask("/stop", { method: "POST" });
  assert.deepEqual(await stop.json(), { status: "stopping" });
  assert.deepEqual(rig.agent.changes.map(([name]) => name), [
    "create",
    "join",
    "leave",
    "stop",
  ]);
});

Deno.test("goRoutes: POST /send is 200 when taken, 202 when kept, 504 when unknown", async () => {
  const rig = new ApiRig();
  const send = async () => {
    const response = await rig.post("/send", { room: "tea", text: "x" });
    return [response.status, await response.text()] as const;
  };
  const [taken, ok] = await send();
  assert.equal(taken, 200);
  assert.equal(JSON.parse(ok).status, "ok");
  rig.agent.sendStatus = "queued";
  const [kept, queued] = await send();
  assert.equal(kept, 202);
  assert.equal(JSON.parse(queued).status, "queued");
  rig.agent.sendStatus = "unknown";
  const [unknown, line] = await send();
  assert.equal(unknown, 504);
  assert.match(line, /^[^\n]+\n$/);
});

Deno.test("goRoutes: a failure is a status from 400 up and one line, whatever the relay said", async () => {
  const rig = new ApiRig();
  rig.agent.failure = new Failure("NOT_IN_ROOM", {
    fields: { room: "a\nb" },
  });
  const response = await rig.post("/send", { room: "tea", text: "x" });
  assert.equal(response.status, 409);
  assert.match(await response.text(), /^[^\n]+\n$/);
});

Deno.test("goRoutes: GET /messages hands out the unread and then marks them read", async () => {
  const rig = new ApiRig();
  rig.agent.inbox = [message({ cursor: 4 }), message({ cursor: 9, id: "m2" })];
  const response = await rig.ask("/messages?room=tea");
  assert.deepEqual(rig.agent.changes, []);
  const messages = await response.json();
  assert.deepEqual(messages.map((one: { cursor: number }) => one.cursor), [
    4,
    9,
  ]);
  const { room, from, from_name, text, timestamp } = messages[0];
  assert.deepEqual([room, from, from_name, text, timestamp], [
    "tea",
    "A1",
    "bob",
    "hello",
    1_800_000_000_000,
  ]);
  assert.deepEqual(rig.agent.changes, [["read", { cursor: 9, room: "tea" }]]);
});

Deno.test("goRoutes: GET /messages marks nothing read when the caller goes away, or when there is nothing", async () => {
  const rig = new ApiRig();
  assert.deepEqual(await (await rig.ask("/messages")).json(), []);
  rig.agent.inbox = [message()];
  const reader = (await rig.ask("/messages")).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await (await rig.ask("/messages")).body?.cancel();
  assert.deepEqual(rig.agent.changes, []);
});

Deno.test("goRoutes: GET /history is a line a message that steers no terminal; JSON when asked for", async () => {
  const rig = new ApiRig();
  const text = "a\nb\r\x1b[2J\u202e\u{e0041}漢";
  rig.agent.inbox = [message({ text, from_name: "e\nve" })];
  const plain = await (await rig.ask("/history?room=tea&limit=3")).text();
  assert.equal(
    plain,
    "[2027-01-15T08:00:00.000Z] e\\nve: a\\nb\\u{d}\\u{1b}[2J\\u{202e}\\u{e0041}漢\n",
  );
  const headers = { accept: "application/json" };
  const [exact] = await (await rig.ask("/history?room=tea", { headers }))
    .json();
  assert.equal(exact.text, text);
});
