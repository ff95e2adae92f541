import assert from "node:assert/strict";
import { verifyRow } from "../../../../daemon/session/receive/verify_message.ts";
import { restHistory } from "../../../../daemon/session/receive/rest_history.ts";
import { Failure } from "../../../../lib/errors.ts";
import { signFrame } from "../../../../lib/protocol/signing.ts";
import { Verifier } from "../../../../lib/protocol/verifying.ts";
import { agent } from "../../../fakes/agents.ts";

function answering(response: () => Response) {
  const asked: string[] = [];
  const read = restHistory(() => "wss://relay.test/v1/ws", (url) => {
    asked.push(url);
    return Promise.resolve(response());
  });
  return { asked, read };
}

Deno.test("restHistory: asks the relay's own host, over https for wss", async () => {
  const { asked, read } = answering(() => Response.json({ messages: [{}] }));
  assert.deepEqual(await read("tea", { limit: 5, before: 9 }), [{}]);
  assert.deepEqual(asked, [
    "https://relay.test/api/rooms/tea/messages?limit=5&before=9",
  ]);
});

Deno.test("restHistory: a redirect is never followed, wherever it leads", async () => {
  const modes: unknown[] = [];
  const read = restHistory(
    () => "wss://relay.test/v1/ws",
    (_url, { redirect }) => {
      modes.push(redirect);
      return Promise.resolve(Response.json({ messages: [] }));
    },
  );
  await read("tea", { limit: 5 });
  assert.deepEqual(modes, ["error"]);
});

Deno.test("restHistory: each refusal is a failure of its own", async () => {
  const table: [() => Response, string][] = [
    [() => new Response("", { status: 403 }), "HISTORY_OFF"],
    [() => new Response("", { status: 404 }), "ROOM_NOT_FOUND"],
    [() => new Response("", { status: 429 }), "RATE_LIMITED"],
    [() => new Response("", { status: 500 }), "RELAY_REFUSED"],
    [() => new Response("no JSON"), "RELAY_REFUSED"],
    [() => Response.json({ messages: 5 }), "RELAY_REFUSED"],
    [() => Response.json([]), "RELAY_REFUSED"],
    [() => new Response("x".repeat(9 * 1024 * 1024)), "RELAY_REFUSED"],
  ];
  for (const [response, code] of table) {
    await assert.rejects(
      answering(response).read("tea", { limit: 5 }),
      (error) => error instanceof Failure && error.code === code,
    );
  }
  const dead = restHistory(
    () => "ws://x",
    () => Promise.reject(new TypeError("no")),
  );
  await assert.rejects(
    dead("tea", { limit: 5 }),
    (error) => error instanceof Failure && error.code === "NOT_CONNECTED",
  );
});

Deno.test("restHistory: Go sends null for no messages", async () => {
  const { read } = answering(() => Response.json({ messages: null }));
  assert.deepEqual(await read("tea", { limit: 5 }), []);
});

Deno.test("verifyRow: a row with its signature is verified, extra signed fields and all; without it unverified; altered it is forged", () => {
  const ada = agent(2);
  const frame = signFrame({
    ...{ type: "message", id: "1", room: "tea", from: ada.id },
    content: { type: "text", text: "a < b" },
    ...{ timestamp: 5, nonce: "n", reply_to: "0", mood: { calm: true } },
  }, ada.sign);
  const { type: _, from, content, ...rest } = frame;
  const row = {
    ...{ ...rest, from_id: from, from_name: "Ada", seq: 7, received_at: 6 },
    content: JSON.stringify(content),
  };
  const verifier = new Verifier();
  const good = verifyRow(row, verifier);
  assert.ok(typeof good === "object" && good.verified);
  assert.equal(good.frame.reply_to, "0");
  const { signature: _s, nonce: _n, ...bare } = row;
  const plain = verifyRow(bare, verifier);
  assert.ok(typeof plain === "object" && !plain.verified);
  assert.equal(verifyRow({ ...row, timestamp: 6 }, verifier), "forged");
});

Deno.test("verifyRow: whatever stands in a row, a verdict comes out", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 20_000; i++) deep = [deep];
  const base = { id: "1", room: "tea", from_id: agent(2).id, timestamp: 1 };
  const content = '{"type":"text","text":"x"}';
  const rows = [
    {},
    { ...base, content: 5 },
    { ...base, content: "no JSON" },
    { ...base, content: "[]" },
    { ...base, content, deep, nonce: "n", signature: "s" },
    { ...base, content, note: "\ud800" },
    { ...base, content, timestamp: "soon" },
    { ...base, content, from_id: "1".repeat(32) },
    { ...base, content: '{"type":"text","text":"a","text":"b"}' },
  ];
  const verifier = new Verifier();
  for (const row of rows) assert.equal(verifyRow(row, verifier), "malformed");
});
