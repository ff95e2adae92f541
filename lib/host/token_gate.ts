import { Failure } from "../errors.ts";
import { isSameSecret } from "./same_secret.ts";
import { challengeNonce, tokenProof } from "./token_challenge.ts";

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
  options: TokenGateOptions,
): Failure | null {
  const stranger = hostGate(headers, options);
  if (stranger !== null) return stranger;
  const shown = headers.get("authorization") ?? "";
  return isToken(shown, options.token) ? null : new Failure("BAD_TOKEN");
}

/**
 * The one question that is answered without the token: a proof that this listener knows it, for who does not want to
 * show it to another program that has the port by now.
 *
 * @returns null when the request is no challenge, or one that {@link tokenGate} would refuse for its Host or Origin.
 */
export async function challengeAnswer(
  request: Pick<Request, "method" | "url" | "headers">,
  options: TokenGateOptions,
): Promise<Response | null> {
  const host = request.headers.get("host") ?? "";
  if (hostGate(request.headers, options) !== null) return null;
  const nonce = challengeNonce(request);
  if (nonce === null) return null;
  const proof = await tokenProof(options.token, { nonce, host });
  return new Response(proof, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** Whether who asks is a program on this host: an exact Host, no Origin. */
function hostGate(
  headers: Headers,
  { hosts, listener }: TokenGateOptions,
): Failure | null {
  const host = headers.get("host");
  if (host === null || !hosts.includes(host)) {
    return refused(`its Host is not ${listener}'s address`);
  }
  return headers.has("origin") ? refused("it has an Origin") : null;
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
  return isSameSecret(shown, wanted);
}
