import {
  type Challenge,
  challengeTarget,
  newNonce,
  PROOF_LENGTH,
  tokenProof,
} from "../host/token_challenge.ts";
import { readHttpAnswer } from "./http_answer.ts";
import { Unproven } from "./unproven.ts";

/** Largest answer to a challenge, in bytes: a proof and its head. */
const MOST_BYTES = 4096;

/** How an answer with a proof begins (RFC 9112, section 4). */
const GOOD = "HTTP/1.1 200 ";

/** The part of a connection that is used. */
type Line = Pick<Deno.Conn, "read" | "write">;

/**
 * Has the listener at the other end prove that it knows the token, on the connection that the token would go over: after
 * that nobody else can be there.
 *
 * @param host as the request's Host will be; a proof that was made for another address is none.
 * @throws {Unproven}
 */
export async function challengeListener(
  line: Line,
  { token, host }: { readonly token: string; readonly host: string },
): Promise<void> {
  const challenge = { nonce: newNonce(), host };
  // Its own side is worked out while the other one does the same.
  const [said, proof] = await Promise.all([
    ask(line, challenge),
    tokenProof(token, challenge),
  ]);
  if (said !== proof) throw new Unproven("it does not know the token");
}

async function ask(
  line: Line,
  { nonce, host }: Challenge,
): Promise<string> {
  const request = `GET ${
    challengeTarget(nonce)
  } HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
  try {
    await line.write(new TextEncoder().encode(request));
    const { status, body } = readHttpAnswer(await readAnswer(line));
    return status === 200 ? new TextDecoder("latin1").decode(body) : "";
  } catch (error) {
    throw new Unproven("it does not answer a challenge", error);
  }
}

/** Up to the proof's last byte, or to where no proof can come any more. */
async function readAnswer(line: Line): Promise<Uint8Array> {
  const bytes = new Uint8Array(MOST_BYTES);
  for (let size = 0; size < MOST_BYTES;) {
    const read = await line.read(bytes.subarray(size));
    size += read ?? 0;
    if (read === null || isEnough(bytes.subarray(0, size))) {
      return bytes.subarray(0, size);
    }
  }
  return bytes;
}

function isEnough(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(bytes);
  if (!GOOD.startsWith(text.slice(0, GOOD.length))) return true;
  const end = text.indexOf("\r\n\r\n");
  return end >= 0 && text.length >= end + 4 + PROOF_LENGTH;
}
