import { base64urlnopad } from "@scure/base";
import { defined } from "../defined.ts";
import { isAgentId } from "../protocol/agent_id.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import { joined } from "../protocol/byte_layout.ts";
import { canonicalJson } from "../protocol/canonical_json.ts";
import { isRoomName, type RoomName } from "../protocol/names.ts";
import type { SignLater } from "../protocol/signing.ts";
import type { Verifier } from "../protocol/verifying.ts";

/** Whose file it is: of the members of a room, or of the two ends of messages to one agent. */
export type BlobScope =
  /** The room's name on the wire. */
  | { readonly room: RoomName; readonly peer?: never }
  /** The agent id of the other end: whom it is for, or, for whom it is for, whose it is. */
  | { readonly peer: string; readonly room?: never };

/** What an agent asks of a relay's files, and of just this relay, at this moment (protocol.md section 18). */
export type BlobClaim = BlobScope & {
  readonly action: "put" | "get";
  /** Agent id of whoever asks. */
  readonly agent: string;
  /** Of the bytes that the relay has, 64 lower-case hex digits. */
  readonly sha256: string;
  /** How many bytes the relay has. */
  readonly size: number;
  /** Host, and port where it is not the scheme's own, of the relay's address as it was dialled: {@link blobHost}. */
  readonly relay: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** One in the name of whoever signs it. */
export type OwnBlobClaim =
  & BlobScope
  & Omit<BlobClaim, "agent" | "room" | "peer">;

/** A relay takes a claim for so long, and one from so far ahead of its clock, in milliseconds: as it does frames. */
const BLOB_CLAIM = { lastsMs: 60_000, aheadMs: 5_000 } as const;

/** The scheme of the `Authorization` header, before the token. */
export const BLOB_SCHEME = "AgentNet-Blob";

const START = "agentnet-blob-1.";
/** No frame, invitation or transcript is signed under this. */
const LABEL = new TextEncoder().encode("agentnet-blob-1\0");
const MOST_LENGTH = 1_500;
const SIGNATURE = 64;
const MOST_HOST = 300;
const SHA256 = /^[0-9a-f]{64}$/;

/** The host of a relay's address, as a claim names it: of ws, wss, http and https addresses alike. */
export function blobHost(relay: string): string {
  return new URL(relay).host;
}

/** The bytes that an agent signs for a claim. */
export function blobSignedBytes(claim: BlobClaim): Uint8Array {
  return joined(LABEL, body(claim));
}

/**
 * Writes the token by which a claim is made.
 *
 * @param sign of the key whose id is `agent`.
 * @throws {RangeError} for what no claim can say.
 */
export async function writeBlobToken(
  claim: BlobClaim,
  sign: SignLater,
): Promise<string> {
  if (readClaim(claim) === null) throw new RangeError("no claim can say this");
  const signature = await sign(blobSignedBytes(claim));
  return START + base64urlnopad.encode(joined(signature, body(claim)));
}

/** What a token says, its signature not checked yet. */
export interface SignedBlobClaim {
  readonly claim: BlobClaim;
  /** The bytes that the signature covers. */
  readonly signed: Uint8Array;
  /** base58. */
  readonly signature: string;
}

/** Reads a token, in just the one form in which {@link writeBlobToken} writes it; null for any other text. */
export function parseBlobToken(text: string): SignedBlobClaim | null {
  if (!text.startsWith(START) || text.length > MOST_LENGTH) return null;
  const bytes = decodeBase64(text.slice(START.length));
  if (bytes === null || bytes.length <= SIGNATURE) return null;
  const said = bytes.subarray(SIGNATURE);
  const claim = readClaim(parseJson(said));
  if (claim === null) return null;
  const signed = blobSignedBytes(claim);
  return isSame(signed, joined(LABEL, said))
    ? { claim, signed, signature: encodeBase58(bytes.subarray(0, SIGNATURE)) }
    : null;
}

/** What an agent claims by a token; null where the text is none, or its signature is not the agent's. */
export function readBlobToken(
  text: string,
  verifier: Verifier,
): BlobClaim | null {
  const read = parseBlobToken(text);
  if (read === null) return null;
  const { claim, signed, signature } = read;
  return verifier.verify(claim.agent, signature, signed) ? claim : null;
}

/** Whether a claim is of this moment. @param now milliseconds since 1970 */
export function isClaimOfNow({ at }: BlobClaim, now: number): boolean {
  return at > now - BLOB_CLAIM.lastsMs && at <= now + BLOB_CLAIM.aheadMs;
}

/** Whether a text is a hash as it stands in a claim and in a path. */
export function isBlobHash(text: unknown): text is string {
  return typeof text === "string" && SHA256.test(text);
}

function body(claim: BlobClaim): Uint8Array {
  const { action, agent, sha256, size, relay, at, room, peer } = claim;
  const said = { action, agent, sha256, size, relay, at };
  const json = canonicalJson({ ...said, ...defined({ room, peer }) });
  return new TextEncoder().encode(json);
}

function readClaim(value: unknown): BlobClaim | null {
  if (typeof value !== "object" || value === null) return null;
  const { action, agent, sha256, size, relay, at, ...rest } = value as Record<
    string,
    unknown
  >;
  const scope = readScope(rest);
  const isClaim = (action === "put" || action === "get") && isAgent(agent) &&
    isBlobHash(sha256) && isCount(size) && isCount(at) && isHost(relay);
  if (!isClaim || scope === null || scope.peer === agent) return null;
  return { action, agent, sha256, size, relay, at, ...scope } as BlobClaim;
}

function readScope({ room, peer }: Record<string, unknown>): BlobScope | null {
  if (peer === undefined) return isRoomName(room) ? { room } : null;
  return room === undefined && isAgent(peer) ? { peer } : null;
}

function isAgent(value: unknown): value is string {
  return typeof value === "string" && isAgentId(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Just as {@link blobHost} gives it. */
function isHost(value: unknown): value is string {
  return typeof value === "string" && value.length <= MOST_HOST &&
    URL.canParse(`https://${value}/`) &&
    [`https://${value}/`, `http://${value}/`].some((url) =>
      new URL(url).host === value
    );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function decodeBase64(text: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    return base64urlnopad.decode(text);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
