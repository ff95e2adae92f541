import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { OPERATION_NAMES } from "../../../lib/local_api/operations.ts";
import { ApiRig } from "../../fakes/api_rig.ts";
import { settle } from "../../fakes/fake_clock.ts";

/** Path, the agent's method that is called, and what it is told. */
const GETS: readonly [path: string, name: string, told: unknown][] = [
  ["/v2/status", "status", undefined],
  ["/v2/identity", "identity", undefined],
  ["/v2/rooms", "rooms", {}],
  [
    "/v2/rooms?q=a+b&tags=x&tags=y&match=all&sort=agents&limit=5&cursor=c",
    "rooms",
    {
      q: "a b",
      tags: ["x", "y"],
      match: "all",
      sort: "agents",
      limit: 5,
      cursor: "c",
    },
  ],
  ["/v2/members?room=Tea", "members", "tea"],
  ["/v2/members?room=%40ada", "members", "@ada"],
  ["/v2/wake?watcher=w-1", "wake", { watcher: "w-1" }],
  ["/v2/wake?watcher=w&wake=everyone&wait_ms=0", "wake", {
    ...{ watcher: "w", wake: "everyone", wait_ms: 0 },
  }],
  ["/v2/messages", "messages", {}],
  [
    "/v2/messages?room=tea&limit=500&after=0&all=true&from=bob&mention=1&wait_ms=0",
    "messages",
    {
      room: "tea",
      limit: 500,
      after: 0,
      all: true,
      from: "bob",
      mention: true,
      wait_ms: 0,
    },
  ],
  [
    "/v2/messages?last=3&skip=2&again=1",
    "messages",
    { last: 3, skip: 2, again: true },
  ],
  ["/v2/count?room=tea", "count", { room: "tea" }],
  [
    "/v2/digest?room=tea&from=bob&history=1000",
    "digest",
    { room: "tea", from: "bob", history: 1_000 },
  ],
  ["/v2/message?id=m1", "message", { id: "m1" }],
  ["/v2/message?id=m1&from=A1", "message", { id: "m1", from: "A1" }],
  ["/v2/frames?room=tea", "frames", { room: "tea" }],
  [
    "/v2/frames?room=%40ada&before_seq=9&before=7",
    "frames",
    { room: "@ada", before_seq: 9, before: 7 },
  ],
  ["/v2/history?room=tea", "history", { room: "tea", limit: 50 }],
  ["/v2/history?room=%40ada", "history", { room: "@ada", limit: 50 }],
  [
    "/v2/history?room=tea&limit=1000&skip=2000",
    "history",
    { room: "tea", limit: 1_000, skip: 2_000 },
  ],
  [
    "/v2/history?room=tea&limit=7&before_seq=9",
    "history",
    { room: "tea", limit: 7, before_seq: 9 },
  ],
  ["/v2/contacts", "contacts", undefined],
  ["/v2/requests", "requests", undefined],
  ["/v2/messages?room=%40Ada", "messages", { room: "@Ada" }],
  ["/v2/sent", "sent", 50],
  ["/v2/sent?limit=3", "sent", 3],
  ["/v2/files?room=tea&limit=3", "files", { room: "tea", limit: 3 }],
  ["/v2/search?words=a+b", "search", { words: "a b", limit: 50 }],
];

Deno.test("v2Routes: each GET asks the agent once, with parsed input, and changes nothing", async () => {
  for (const [path, name, told] of GETS) {
    const rig = new ApiRig();
    const response = await rig.ask(path);
    assert.equal(response.status, 200, path);
    await response.json();
    assert.deepEqual(rig.agent.calls, [name], path);
    assert.deepEqual(rig.agent.lastQuery, told, path);
    assert.deepEqual(rig.agent.changes, [], path);
  }
});

const POSTS: readonly [name: string, body: object, told?: object][] = [
  ["create", { room: "Tea", topic: "t", tags: ["a"] }, {
    room: "tea",
    topic: "t",
    tags: ["a"],
  }],
  ["create", { room: "tea", tags: null }, { room: "tea" }],
  ["join", { room: "tea" }],
  ["create", { room: "vault", private: true, history: "join" }],
  ["join_private", { invite: "agentnet-invite-1.AAAA" }],
  ["member", { room: "vault", agent: "8NYU1dXe", change: "remove" }],
  ["recover", {}],
  ["invite", { room: "vault", for_ms: 3_600_000, uses: 2 }],
  ["leave", { room: "tea" }],
  ["attest", { chain: "0f".repeat(32), count: 3 }],
  ["invite", { room: "tea", for_ms: 3_600_000 }],
  ["send", { room: "tea", text: "x" }],
  ["send", { room: "tea", text: "\ufeff\ufeffx\ufeff" }, {
    ...{ room: "tea", text: "x\ufeff" },
  }],
  ["send", { room: "tea", text: "x", id: "i", reply_to: "r", force: true }],
  ["send", { room: "tea", text: "x", more: 1 }, { room: "tea", text: "x" }],
  ["read", { cursor: 3 }],
  ["read", { cursor: 3, room: "tea" }],
  ["read", { gaps: [{ room: "tea", after: 1, before: 0 }] }],
  ["read", { gaps: [{ room: "tea", count: 2, after: 1, before: 0 }] }],
  ["read", { gaps: [{ room: "tea", after: 1, before: 0, removed: true }] }],
  ["read", { sealed: [{ room: "vault", count: 2, upto: 7 }] }],
  ["leave", { room: "vault", force: true }],
  ["mute", { agent: "8NYU1dXe" }],
  ["unmute", { agent: "8NYU1dXe" }],
  ["pin", { agent: "8NYU1dXe", name: "ada" }],
  ["unpin", { agent: "8NYU1dXe" }],
  ["accept", { agent: "8NYU1dXe" }],
  ["drop_request", { agent: "8NYU1dXe" }],
  ["send", { room: "@8NYU1dXe", text: "x" }],
  ["human", {}],
  ["page", {}],
  ["handover", {}],
  ["stop", {}],
];

Deno.test("v2Routes: each POST makes one change, with what it was told", async () => {
  for (const [name, body, told = body] of POSTS) {
    const rig = new ApiRig();
    const response = await rig.post(`/v2/${name}`, body);
    assert.equal(response.status, 200, name);
    await response.json();
    assert.deepEqual(rig.agent.changes, [[name, told]]);
  }
});

Deno.test("v2Routes: a query that can't be read is 400 and names the parameter", async () => {
  const rig = new ApiRig();
  const wrong = [
    ["messages?limit=0", "limit"],
    ["messages?limit=501", "limit"],
    ["messages?limit=x", "limit"],
    ["messages?limit=1&limit=2", "limit"],
    ["messages?after=-1", "after"],
    ["messages?wait_ms=600001", "wait_ms"],
    ["messages?all=maybe", "all"],
    ["rooms?match=some", "match"],
    ["rooms?limit=101", "limit"],
    ["message", "id"],
    ["message?id=" + "x".repeat(129), "id"],
    ["search?words=", "words"],
  ] as const;
  for (const [path, name] of wrong) {
    const response = await rig.ask(`/v2/${path}`);
    assert.equal(response.status, 400, path);
    const { error } = await response.json();
    assert.equal(error.code, "REQUEST_INVALID", path);
    assert.match(error.message, new RegExp(`\\b${name}\\b`), path);
  }
  assert.deepEqual(rig.agent.calls, []);
});

Deno.test("v2Routes: each operation of the contract stands in one of these tables", () => {
  const tried = [
    ...GETS.map(([, name]) => name),
    ...POSTS.map(([name]) => name),
  ];
  assert.deepEqual([...new Set(tried)].sort(), OPERATION_NAMES.toSorted());
});

const REFUSED: readonly [
  body: object,
  status: number,
  code: string,
  path?: string,
][] = [
  [{ room: "no room", text: "x" }, 400, "ROOM_NAME_INVALID"],
  [{ room: "", text: "x" }, 400, "ROOM_NAME_INVALID"],
  [{ room: "a".repeat(65), text: "x" }, 400, "ROOM_NAME_INVALID"],
  [{ room: "tea", text: " \n" }, 400, "TEXT_EMPTY"],
  [{ room: "tea", text: "a".repeat(32_769) }, 413, "TEXT_TOO_LONG"],
  [{ room: "tea", text: "\u0001".repeat(20_000) }, 413, "TEXT_TOO_LONG"],
  [{ room: "tea", text: "a\bb" }, 400, "TEXT_INVALID"],
  [{ room: "tea", text: "a\ud800b" }, 400, "TEXT_INVALID"],
  [{ room: "tea" }, 400, "REQUEST_INVALID"],
  [{ room: 5, text: "x" }, 400, "REQUEST_INVALID"],
  [{ room: "no room" }, 400, "ROOM_NAME_INVALID", "join"],
  [{ room: "@ada" }, 400, "ROOM_NAME_INVALID", "join"],
  [{ room: "@a\nb", text: "x" }, 400, "ROOM_NAME_INVALID"],
  [{ room: "no room", cursor: 1 }, 400, "ROOM_NAME_INVALID", "read"],
  [
    { gaps: [{ room: "no room", after: 1, before: 0 }] },
    ...[400, "REQUEST_INVALID", "read"] as const,
  ],
];

Deno.test("v2Routes: what no room can be called and no message can carry ends at the border, with its own code", async () => {
  const rig = new ApiRig();
  for (const [body, status, code, path = "send"] of REFUSED) {
    const shown = JSON.stringify(body).slice(0, 60);
    const response = await rig.post(`/v2/${path}`, body);
    assert.equal(response.status, status, shown);
    assert.equal((await response.json()).error.code, code, shown);
  }
  const asked = await rig.ask("/v2/messages?room=no+room");
  assert.equal((await asked.json()).error.code, "ROOM_NAME_INVALID");
  assert.deepEqual(rig.agent.calls, []);
});

Deno.test("v2Routes: who wants to know nothing is told nothing, whatever stands there", async () => {
  const rig = new ApiRig();
  assert.equal((await rig.ask("/v2/status?x=1&x=2")).status, 200);
  assert.equal((await rig.post("/v2/stop", [1])).status, 200);
  assert.deepEqual(rig.agent.changes, [["stop", {}]]);
});

Deno.test("v2Routes: the agent's failure keeps code, status and time to wait", async () => {
  const rig = new ApiRig();
  rig.agent.failure = new Failure("TOO_NEW", { retryAfterMs: 30_500 });
  const response = await rig.post("/v2/join", { room: "tea" });
  assert.equal(response.status, 425);
  assert.equal(response.headers.get("retry-after"), "31");
  const { error } = await response.json();
  assert.equal(error.code, "TOO_NEW");
  assert.equal(error.retry_after_ms, 30_500);
});

Deno.test("v2Routes: so many wait at a time, the next is told; one that ends makes room", async () => {
  const rig = new ApiRig();
  const gone = new AbortController();
  const wait = "/v2/messages?wait_ms=60000";
  const first = rig.ask(wait, {}, gone.signal);
  const others = [rig.ask(wait), rig.ask(wait)];
  await settle();
  assert.equal((await rig.ask(wait)).status, 503);
  assert.equal((await rig.ask("/v2/events")).status, 503);
  // What does not wait is served all along.
  assert.equal((await rig.ask("/v2/status")).status, 200);
  gone.abort();
  await first;
  const next = rig.ask(wait);
  await settle();
  rig.stopping.abort();
  const statuses = (await Promise.all([...others, next])).map((r) => r.status);
  assert.deepEqual(statuses, [200, 200, 200]);
});
