import { Failure } from "../../lib/errors.ts";
import {
  challengeAnswer,
  saysJson,
  tokenGate,
  type TokenGateOptions,
} from "../../lib/host/token_gate.ts";
import {
  type ApiAddress,
  apiAddressText,
} from "../../lib/local_api/address.ts";

export interface GateOptions {
  readonly token: string;
  /** The values that Host may have, exactly. */
  readonly hosts: readonly string[];
}

/** What the gate looks at. */
export type GateRequest = Pick<Request, "method" | "headers">;

/** The Host values of an API that is bound to this address: a page of another site can't send them. */
export function hostsOf(bound: ApiAddress): string[] {
  const names = [bound.hostname, "127.0.0.1", "localhost", "::1"];
  const hosts = names.map((hostname) =>
    apiAddressText({ hostname, port: bound.port })
  );
  return [...new Set(hosts)];
}

/**
 * Stands before every route: an exact Host (against DNS rebinding), no Origin (no web page calls here), the token in
 * constant time. Looks at nothing else of a request that fails.
 *
 * @returns why the request is refused, or null.
 */
export function gate(
  { headers }: GateRequest,
  options: GateOptions,
): Failure | null {
  return tokenGate(headers, tokenGateOptions(options));
}

/** Proves, to who asks before the token is shown, that it is known here; null for any other request. */
export function proveToken(
  request: Request,
  options: GateOptions,
): Promise<Response | null> {
  return challengeAnswer(request, tokenGateOptions(options));
}

function tokenGateOptions({ token, hosts }: GateOptions): TokenGateOptions {
  return { token, hosts, listener: "this API" };
}

/**
 * A POST must say that it holds JSON, which a form of a web page can't; without a body it need not. A PUT, which a page
 * can't make either, holds bytes.
 *
 * @returns why the request is refused, or null.
 */
export function checkMediaType(request: GateRequest): Failure | null {
  if (request.method !== "POST") return null;
  const { headers } = request;
  if (!headers.has("content-type") && isBodyless(request)) return null;
  return saysJson(headers) ? null : new Failure("MEDIA_TYPE");
}

function isBodyless({ headers }: GateRequest): boolean {
  return (headers.get("content-length") ?? "0") === "0" &&
    !headers.has("transfer-encoding");
}
