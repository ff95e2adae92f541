import assert from "node:assert/strict";
import * as v from "valibot";
import { SHAPES, type Shapes } from "../../../daemon/http/request_shapes.ts";
import type { AgentApi } from "../../../lib/local_api/agent_api.ts";
import {
  type Fetch,
  type LocalApi,
  localApi,
} from "../../../lib/local_api/client.ts";
import {
  heldMs,
  type NoRequest,
  type Operation,
  OPERATION_NAMES,
  type OperationName,
  OPERATIONS,
  type RequestOf,
} from "../../../lib/local_api/operations.ts";
import type { Status } from "../../../lib/local_api/types/status.ts";
import { plainCalls } from "../../fakes/plain.ts";

/** What went out of a client. */
interface Sent {
  readonly method: string | undefined;
  readonly url: string;
  readonly body: unknown;
}

function clientRig() {
  const sent: Sent[] = [];
  const fetch: Fetch = (url, { method, body }) => {
    sent.push({ method, url, body });
    return Promise.resolve(Response.json({}));
  };
  const api = localApi({ address: "127.0.0.1:1", token: "t" }, fetch);
  return { api, sent };
}

Deno.test("localApi: each operation goes out by its method, to its path", async () => {
  const { api, sent } = clientRig();
  for (const name of OPERATION_NAMES) {
    await (api[name] as (request: object) => Promise<object>)({});
  }
  const expected = OPERATION_NAMES.map((name) => {
    const { method } = OPERATIONS[name];
    const url = `http://127.0.0.1:1/v2/${name}`;
    return { method, url, body: method === "POST" ? "{}" : undefined };
  });
  assert.deepEqual(sent, expected);
});

Deno.test("localApi: a GET's request is its query, lists field by field, and what is false or absent left out", async () => {
  const { api, sent } = clientRig();
  await plainCalls(api).messages({ room: "tea", all: false, after: 0 });
  await api.rooms({ q: "a b", tags: ["x", "y"] });
  assert.deepEqual(sent.map(({ url }) => url.slice(url.indexOf("/v2"))), [
    "/v2/messages?room=tea&after=0",
    "/v2/rooms?q=a+b&tags=x&tags=y",
  ]);
});

Deno.test("heldMs: what a request wants to wait, where its operation holds answers", () => {
  assert.equal(heldMs("messages", { wait_ms: 5 }), 5);
  assert.equal(heldMs("messages", {}), 0);
  assert.equal(heldMs("count", { wait_ms: 5 }), 0);
});

/** Fields of shapes that no request has: they would be read for nothing. */
type Excess = {
  [Name in OperationName]: Exclude<
    keyof typeof SHAPES[Name]["entries"],
    keyof RequestOf<Name>
  >;
}[OperationName];

// Proof that the compiler forces the rest of an operation: where a line below
// is no error any more, `deno task check` fails. Nothing here is ever run.
export function notCompiled(missing: {
  readonly agent: Omit<AgentApi, "leave">;
  readonly api: Omit<LocalApi, "leave">;
  readonly shapes: Omit<Shapes, "leave">;
  readonly excess: Excess;
}): readonly unknown[] {
  // @ts-expect-error: an operation says how long one waits for its answer.
  const patience: Operation<NoRequest, Status> = { method: "GET" };
  // @ts-expect-error: each operation has somebody who does it.
  const agent: AgentApi = missing.agent;
  // @ts-expect-error: each operation can be called.
  const api: LocalApi = missing.api;
  // @ts-expect-error: each request has a shape.
  const shapes: Shapes = missing.shapes;
  // @ts-expect-error: a shape has every field of the request, those that may be absent too.
  const whole: Shapes = { ...SHAPES, rooms: v.object({}) };
  const limit = v.string();
  // @ts-expect-error: a shape gives what the request holds.
  const typed: Shapes = { ...SHAPES, sent: v.object({ limit }) };
  const absent = v.exactOptional(SHAPES.leave.entries.room);
  // @ts-expect-error: a shape gives all that the request must have.
  const leave: Shapes = { ...SHAPES, leave: v.object({ room: absent }) };
  const excess: never = missing.excess;
  // @ts-expect-error: a text is no room's name before it was checked.
  const joined = missing.api.join({ room: "tea" });
  // @ts-expect-error: nor a text that can be sent.
  const text: RequestOf<"send">["text"] = "Earl Grey";
  // @ts-expect-error: nothing but a request is one; a signal comes second.
  const status = missing.api.status(AbortSignal.timeout(1));
  return [
    ...[patience, agent, api, shapes, whole, typed, leave],
    ...[excess, joined, text, status],
  ];
}
