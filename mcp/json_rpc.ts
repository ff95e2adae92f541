// JSON-RPC 2.0 as the Model Context Protocol uses it: what a value that a host sent is, and the refusal of what is no
// message. https://www.jsonrpc.org/specification, sections 4 to 6.

import type {
  JSONRPCNotification,
  JSONRPCRequest,
  RequestId,
} from "@modelcontextprotocol/sdk/types";

/** Codes of section 5.1. */
export const RPC_CODE = {
  parse: -32700,
  request: -32600,
  params: -32602,
  internal: -32603,
} as const;

/** The answer to what can't be served; without an id where none could be read. */
export interface Refusal {
  readonly jsonrpc: "2.0";
  readonly id: RequestId | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** What a value comes to: a message to serve, or the refusals that answer it; none where nobody waits for one. */
export type Heard =
  | { readonly message: JSONRPCRequest | JSONRPCNotification }
  | { readonly refusals: readonly Refusal[] };

/** @param message says what to do next. */
export function refusal(
  id: RequestId | null,
  code: number,
  message: string,
): Refusal {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

/**
 * Reads a value as a message. Params may be null or an empty list, which stand for none, and what lies in them may
 * be null, which is as if it were not there; members that JSON-RPC does not know are dropped.
 */
export function readMessage(value: unknown): Heard {
  if (Array.isArray(value)) return { refusals: batchRefusals(value) };
  if (!isRecord(value)) {
    return refused(null, "a message has to be a JSON object");
  }
  // An answer: this server asks its host nothing.
  if (!("method" in value) && ("result" in value || "error" in value)) {
    return { refusals: [] };
  }
  const id = requestId(value);
  if (value["jsonrpc"] !== "2.0") {
    return refused(id, `a message has to say "jsonrpc": "2.0"`);
  }
  const { method } = value;
  if (typeof method !== "string") {
    return refused(id, "a message has to name its method, as a text");
  }
  if ("id" in value && id === null) {
    return refused(id, "an id has to be a text or a whole number");
  }
  const params = readParams(value["params"]);
  if (params === null) return refused(id, "params has to be an object");
  const called = { jsonrpc: "2.0", method, ...params } as const;
  return { message: id === null ? called : { ...called, id } };
}

/** Each request of a batch is answered under its own id, so that nobody waits for ever. */
function batchRefusals(batch: readonly unknown[]): readonly Refusal[] {
  const why = "batches are not served: send one message a line";
  const ids = batch.map(requestId).filter((id) => id !== null);
  return ids.length === 0
    ? [refusal(null, RPC_CODE.request, why)]
    : ids.map((id) => refusal(id, RPC_CODE.request, why));
}

function refused(id: RequestId | null, why: string): Heard {
  return { refusals: [refusal(id, RPC_CODE.request, why)] };
}

/** The id of a request; null where there is none that an answer could carry. */
export function requestId(value: unknown): RequestId | null {
  const id = isRecord(value) ? value["id"] : null;
  return typeof id === "string" || Number.isSafeInteger(id)
    ? id as RequestId
    : null;
}

/** The params as a message carries them, if any; null for what can't be any. */
function readParams(
  value: unknown,
): { params?: Record<string, unknown> } | null {
  if (isNothing(value)) return {};
  if (!isRecord(value)) return null;
  const { _meta: meta, arguments: given, ...rest } = value;
  const params = withoutNull(rest, NULLS_WITHIN);
  // What a tool is called with has a reader of its own.
  if (!isNothing(given)) params["arguments"] = given;
  if (!isNothing(meta)) {
    params["_meta"] = isRecord(meta) ? withoutNull(meta, NULLS_WITHIN) : meta;
  }
  return { params };
}

/** How deep a member that is null is looked for: no member that MCP knows lies deeper. */
const NULLS_WITHIN = 3;

/** An object without the members that are null, those of the objects in it among them. */
function withoutNull(
  value: Readonly<Record<string, unknown>>,
  depth: number,
): Record<string, unknown> {
  const given = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(
    given.map((
      [name, one],
    ) => [
      name,
      depth > 1 && isRecord(one) ? withoutNull(one, depth - 1) : one,
    ]),
  );
}

/** Whether a value stands for none: hosts write null, and an empty list where their language has no empty object. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null ||
    Array.isArray(value) && value.length === 0;
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
