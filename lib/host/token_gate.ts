import { timingSafeEqual } from "node:crypto";
import { Failure } from "../errors.ts";

export interface TokenGateOptions {
  readonly token: string;
  /** The values that Host may have, exactly. */
  readonly hosts: readonly string[];
  /** What listens there, as the refusal of another Host names it. */
  readonly listener: string;
}

/**
 * What is looked at first of a request to a listener on loopback: an exact Host (against DNS rebinding), no Origin (no
 * web page calls here), the token in constant time. Looks at nothing else of a request that fails.
 *
 * @returns why the request is refused (REQUEST_REFUSED, BAD_TOKEN), or null.
 */
export function tokenGate(
  headers: Headers,
  { token, hosts, listener }: TokenGateOptions,
): Failure | null {
  const host = headers.get("host");
  if (host === null || !hosts.includes(host)) {
    return refused(`its Host is not ${listener}'s address`);
  }
  if (headers.has("origin")) return refused("it has an Origin");
  const shown = headers.get("authorization") ?? "";
  return isToken(shown, token) ? null : new Failure("BAD_TOKEN");
}

/** Whether a body is said to be JSON, which a form of a web page can't say. */
export function saysJson(headers: Headers): boolean {
  const type = headers.get("content-type")?.split(";", 1)[0];
  return type?.trim().toLowerCase() === "application/json";
}

function refused(reason: string): Failure {
  return new Failure("REQUEST_REFUSED", { fields: { reason } });
}

/** The time it takes tells nothing of the token but, at most, its length, which is public. */
function isToken(header: string, token: string): boolean {
  const encoder = new TextEncoder();
  const shown = encoder.encode(header);
  const wanted = encoder.encode(`Bearer ${token}`);
  return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}
