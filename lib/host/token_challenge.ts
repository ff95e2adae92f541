/** Where a listener on loopback is asked to prove that it knows its token, before the token is sent to it. */
const PATH = "/challenge";

/** Bytes of a nonce; written in hex. */
const NONCE_BYTES = 16;
const TARGET = new RegExp(
  `^[a-z]+://[^/]*${PATH}\\?nonce=([0-9a-f]{${NONCE_BYTES * 2}})$`,
);

/** Characters of a proof: HMAC-SHA-256 in hex. */
export const PROOF_LENGTH = 64;

/** One question to a listener, never put twice. */
export interface Challenge {
  readonly nonce: string;
  /** The Host that it is asked under: a proof for one address is none for another. */
  readonly host: string;
}

/** A nonce that nobody can have asked about before. */
export function newNonce(): string {
  return hex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

/** What a request asks for that puts this nonce: path and query. */
export function challengeTarget(nonce: string): string {
  return `${PATH}?nonce=${nonce}`;
}

/** The nonce that a request puts, or null when it is no challenge. */
export function challengeNonce(
  { method, url }: Pick<Request, "method" | "url">,
): string | null {
  return method === "GET" ? TARGET.exec(url)?.[1] ?? null : null;
}

/**
 * What only who knows the token can say to a challenge (RFC 2104, HMAC-SHA-256). It tells nothing of the token, and is
 * taken for it nowhere.
 */
export async function tokenProof(
  token: string,
  { nonce, host }: Challenge,
): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(token),
    algorithm,
    false,
    ["sign"],
  );
  const said = encoder.encode(`agentnet listener\n${host}\n${nonce}`);
  const signed = await crypto.subtle.sign(algorithm, key, said);
  return hex(new Uint8Array(signed));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
