import assert from "node:assert/strict";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";
import { type Answers, McpBed } from "../fakes/mcp_bed.ts";
import {
  OWN_ID,
  someMessage,
  somePage,
  someSend,
  someStatus,
} from "../fakes/api_values.ts";

const ANSWERS: Answers = {
  "GET messages": () => somePage([]),
  "GET status": () => someStatus(),
  "GET message": () => ({ message: someMessage() }),
  "POST read": () => ({ status: "ok" }),
};

/** What a raw host is told after one value. */
async function answersTo(value: unknown): Promise<readonly JSONRPCMessage[]> {
  const { bed, told } = await McpBed.raw(ANSWERS);
  await using _ = bed;
  await bed.say(value);
  assert.deepEqual(bed.troubles, []);
  return told;
}

const request = (method: string, params?: unknown) => ({
  ...{ jsonrpc: "2.0", id: 7, method },
  ...(params === undefined ? {} : { params }),
});
const call = (name: string, given?: unknown) =>
  request("tools/call", { name, arguments: given });

Deno.test("serveMcp: a request whose params are wrong is answered in words of our own", async () => {
  const wrong: [unknown, RegExp][] = [
    [request("tools/call", null), /^params is missing$/],
    [request("tools/call", {}), /^name is missing$/],
    [request("tools/call", { name: 4 }), /^name has to be a text$/],
    [call("status", "x"), /^arguments has to be an object$/],
    [call("mesages", {}), /^no tool 'mesages'; did you mean 'messages'\?$/],
    [call("constructor", {}), /^no tool 'constructor'/],
    [request("resources/read", {}), /^uri is missing$/],
    [request("resources/read", { uri: "tea" }), /^uri has to be a URI$/],
    [
      request("resources/read", { uri: "agentnet://rooms/no%20room" }),
      /^ROOM_NAME_INVALID: .*; /,
    ],
    [request("resources/subscribe", { uri: 5 }), /^uri has to be a text$/],
    [request("logging/setLevel", {}), /^level has to be debug or /],
    [request("logging/setLevel", { level: "loud" }), /^level has to be /],
    [request("initialize", null), /^params is missing$/],
    [request("tools/list", { cursor: 4 }), /^cursor has to be a text$/],
  ];
  for (const [value, words] of wrong) {
    const [told, ...rest] = await answersTo(value);
    assert.deepEqual(rest, []);
    assert.ok(told && "error" in told, JSON.stringify({ value, told }));
    assert.deepEqual([told.id, told.error.code], [7, -32602]);
    assert.match(told.error.message, words);
    assert.doesNotMatch(told.error.message, /expected|invalid_type|MCP error/);
  }
});

Deno.test("serveMcp: null and an empty list stand for nothing, a wish for a task is left aside", async () => {
  const plain = [
    request("ping", null),
    request("ping", []),
    request("tools/list", null),
    request("tools/list", { cursor: null, _meta: null }),
    request("resources/templates/list", null),
    call("status", null),
    call("status", []),
    call("messages", null),
    call("messages", { limit: null, peek: "true", after: "3" }),
    call("show", { message: 4 }),
    request("tools/call", { name: "status", task: { ttl: 1 }, _meta: null }),
  ];
  for (const value of plain) {
    const [told, ...rest] = await answersTo(value);
    assert.deepEqual(rest, []);
    assert.ok(told && "result" in told, JSON.stringify({ value, told }));
    assert.notEqual(told.result["isError"], true, JSON.stringify(told));
  }
});

Deno.test("serveMcp: a method that is not served and what is no message are answered, a notification never is", async () => {
  const codes: [unknown, number[]][] = [
    [request("prompts/get", { name: "x" }), [-32601]],
    [request("completion/complete", null), [-32601]],
    [request("ping", "x"), [-32600]],
    [{ id: 7, method: "ping" }, [-32600]],
    [[request("ping"), request("ping")], [-32600, -32600]],
    [42, [-32600]],
    [{ jsonrpc: "2.0", method: "notifications/cancelled" }, []],
    [{ jsonrpc: "2.0", method: "notifications/unheard", params: null }, []],
    [{ jsonrpc: "2.0", id: 7, result: {} }, []],
  ];
  for (const [value, expected] of codes) {
    const told = await answersTo(value);
    const found = told.map((one) => "error" in one ? one.error.code : one);
    assert.deepEqual(found, expected, JSON.stringify(value));
  }
});

Deno.test("tools: an unknown argument is an error of every tool, and nothing is done", async () => {
  await using bed = await McpBed.open(ANSWERS);
  const { tools } = await bed.client.listTools();
  const before = bed.calls.length;
  for (const { name } of tools) {
    const said = await bed.text(name, { room: "tea", peak: true, foo: 1 });
    assert.match(said, /^USAGE: \w+ has no argument .*'foo'; /, name);
  }
  assert.match(
    await bed.text("messages", { peak: true, wait: 5 }),
    /'peek' for 'peak', 'wait_seconds' for 'wait'/,
  );
  assert.match(
    await bed.text("send", { room: "tea", text: "x", replyTo: "x" }),
    /did you mean 'reply_to'\?/,
  );
  assert.equal(bed.calls.length, before);
});

/** Keywords that every host's converter takes. */
const KEYWORDS = ["type", "description", "enum", "items"];
const TYPES = ["string", "integer", "number", "boolean", "array"];

Deno.test("tools: published schemas hold what every host's converter takes, and nothing else", async () => {
  await using bed = await McpBed.open(ANSWERS);
  const { tools } = await bed.client.listTools();
  assert.ok(tools.length > 15);
  for (const { name, inputSchema } of tools) {
    const { properties = {}, required = [], ...rest } = inputSchema;
    assert.deepEqual(rest, { type: "object" }, name);
    for (const one of required) assert.ok(one in properties, name);
    for (const [key, value] of Object.entries(properties)) {
      const schema = value as Record<string, unknown>;
      const where = `${name}.${key}: ${JSON.stringify(schema)}`;
      assert.match(key, /^[a-z][a-z_]{0,63}$/);
      assert.ok(TYPES.includes(`${schema["type"]}`), where);
      assert.equal(typeof schema["description"], "string", where);
      const odd = Object.keys(schema).filter((one) => !KEYWORDS.includes(one));
      assert.deepEqual(odd, [], where);
      const items = schema["type"] === "array" ? { type: "string" } : undefined;
      assert.deepEqual(schema["items"], items, where);
    }
  }
});

Deno.test("tools: a text beyond the wire's bound is refused by the handler, and the schema's description says the bound", async () => {
  await using bed = await McpBed.open(ANSWERS);
  const { tools } = await bed.client.listTools();
  const send = tools.find(({ name }) => name === "send");
  const { text } = send?.inputSchema.properties as Record<
    string,
    { description: string }
  >;
  assert.match(text?.description ?? "", /at most 32 KB/);
  const long = { room: "tea", text: "x".repeat(32_769) };
  assert.match(await bed.text("send", long), /^TEXT_TOO_LONG: /);
  assert.match(
    await bed.text("history", { room: "tea", limit: 1_001 }),
    /^USAGE: history: limit has to be at most 1000; /,
  );
});

Deno.test("serveMcp: what is null within params is as if it were not there, for every method", async () => {
  for (
    const [method, params] of [
      ["ping", {}],
      ["tools/list", {}],
      ["resources/list", {}],
      ["tools/call", { name: "status" }],
      ["resources/read", { uri: "agentnet://rooms" }],
      ["initialize", {
        ...{ protocolVersion: "2025-06-18" },
        capabilities: { sampling: null, roots: null },
        clientInfo: { name: "a", version: "1", title: null },
      }],
    ] as const
  ) {
    for (
      const meta of [
        null,
        [],
        { progressToken: null },
        { progressToken: null, "io.modelcontextprotocol/related-task": null },
      ]
    ) {
      const value = request(method, { ...params, _meta: meta });
      const [told] = await answersTo(value);
      assert.ok(told && "result" in told, JSON.stringify({ value, told }));
    }
  }
});

Deno.test("serveMcp: a progress token of another kind is refused, with the kinds that it may have", async () => {
  for (const progressToken of [{}, true, 1.5, [1]]) {
    const [told] = await answersTo(
      request("ping", { _meta: { progressToken } }),
    );
    assert.ok(told && "error" in told);
    assert.match(
      told.error.message,
      /^_meta\.progressToken has to be a text or a (whole )?number$/,
    );
  }
});

Deno.test("serveMcp: an argument by a name that objects have is refused by that name", async () => {
  for (
    const name of ["__proto__", "constructor", "prototype", "hasOwnProperty"]
  ) {
    for (const tool of ["status", "messages"]) {
      const given = JSON.parse(`{"${name}": {"peek": true}}`);
      const [told] = await answersTo(call(tool, given));
      assert.match(
        JSON.stringify(told),
        new RegExp(`USAGE: ${tool} has no argument '${name}'.*"isError":true`),
      );
    }
  }
});

Deno.test("serveMcp: a number past its bound names that bound alone", async () => {
  for (
    const [limit, words] of [
      ["1e300", "at most 500"],
      ["9007199254740993", "at most 500"],
      ["1e999", "at most 500"],
      ["-1e300", "at least 1"],
      ["-1e999", "at least 1"],
    ]
  ) {
    const given = JSON.parse(`{"limit": ${limit}}`);
    const [told] = await answersTo(call("messages", given));
    assert.match(
      JSON.stringify(told),
      new RegExp(`USAGE: messages: limit has to be ${words}; `),
    );
  }
});

Deno.test("serveMcp: a resource that there can't be is refused in words of our own", async () => {
  for (
    const uri of [
      "agentnet://nope",
      "agentnet://rooms/",
      "agentnet://rooms/a/b",
      "agentnet://rooms/a,b",
      "agentnet://rooms?x",
      "agentnet:rooms",
      "https://x.example/",
    ]
  ) {
    const [told] = await answersTo(request("resources/read", { uri }));
    assert.ok(told && "error" in told, uri);
    assert.deepEqual(told.error, {
      code: -32602,
      message: "uri has to be agentnet://rooms or agentnet://rooms/ROOM",
    });
  }
});

Deno.test("serveMcp: byte order marks at the start of a text are not sent", async () => {
  const { bed } = await McpBed.raw({
    ...ANSWERS,
    "POST send": () => someSend(),
    "GET identity": () => ({ id: OWN_ID, name: "ada" }),
  });
  await using _ = bed;
  for (
    const [tool, given] of [
      ["send", { room: "tea" }],
      ["reply", { message: "1" }],
    ] as const
  ) {
    await bed.say(call(tool, { ...given, text: "\ufeff\ufeffx\ufeff" }));
  }
  const texts = bed.calls.filter(({ route }) => route === "POST send")
    .map(({ body }) => (body as { text: string }).text);
  assert.deepEqual(texts, ["x\ufeff", "x\ufeff"]);
});
