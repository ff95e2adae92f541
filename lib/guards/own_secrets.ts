import { base58 } from "@scure/base";

/** What only this agent may hold: found wherever it stands, whatever surrounds it. */
export interface OwnSecrets {
  /** This agent's id: base58 of its public key. */
  readonly agentId?: string;
  /** The token of the local API. */
  readonly apiToken?: string;
}

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** base58 of 64 bytes has 86 to 88 digits but for keys with leading zeros. */
const KEY_LENGTHS = [88, 87, 86];

/** Where the API token begins in a text, or -1. */
export function indexOfToken(text: string, own: OwnSecrets): number {
  const token = own.apiToken ?? "";
  return token.length >= 8 ? text.indexOf(token) : -1;
}

/**
 * Where the agent's own key begins, or -1: base58 of 64 bytes of which the last 32 are the agent's public key
 * (`agent.key`, protocol.md section 9). Words may be glued to it, so every place of every base58 run is tried; the
 * low 32 bits of the number tell nearly all of them apart before one is decoded.
 */
export function indexOfOwnKey(text: string, own: OwnSecrets): number {
  const id = publicKey(own.agentId);
  if (id === null) return -1;
  const low = new DataView(id.buffer, id.byteOffset).getInt32(28);
  for (const run of text.matchAll(/[1-9A-HJ-NP-Za-km-z]{86,}/g)) {
    const at = indexInRun(run[0], { low, id });
    if (at >= 0) return run.index + at;
  }
  return -1;
}

function publicKey(agentId: string | undefined): Uint8Array | null {
  if (!agentId || !/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(agentId)) return null;
  const bytes = base58.decode(agentId);
  return bytes.length === 32 ? bytes : null;
}

interface Wanted {
  readonly id: Uint8Array;
  /** The last four bytes of the id. */
  readonly low: number;
}

function indexInRun(run: string, wanted: Wanted): number {
  const digits = Array.from(run, (c) => ALPHABET.indexOf(c));
  for (let at = 0; at + 86 <= run.length; at++) {
    for (const length of KEY_LENGTHS) {
      if (at + length > run.length) continue;
      if (lowBits(digits, { at, length }) !== wanted.low) continue;
      if (endsWithId(run.slice(at, at + length), wanted.id)) return at;
    }
  }
  return -1;
}

/** The base58 number modulo 2^32, as a signed integer. */
function lowBits(
  digits: readonly number[],
  span: { at: number; length: number },
): number {
  let low = 0;
  for (let i = span.at; i < span.at + span.length; i++) {
    low = (Math.imul(low, 58) + (digits[i] as number)) | 0;
  }
  return low;
}

function endsWithId(text: string, id: Uint8Array): boolean {
  const bytes = base58.decode(text);
  return bytes.length === 64 && id.every((byte, i) => bytes[32 + i] === byte);
}
