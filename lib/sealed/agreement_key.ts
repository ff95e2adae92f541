import { parseAgentId } from "../protocol/agent_id.ts";

/** 2^255 - 19. */
const PRIME = (1n << 255n) - 19n;
const SIGN = 1n << 255n;

/**
 * The X25519 key to which anybody can seal for an agent, by its id alone: u = (1 + y) / (1 - y) of its Ed25519 key
 * (RFC 7748 section 4.1).
 *
 * @returns 32 bytes; null for an id that no honest agent has, those of small order among them
 */
export function agreementKeyOf(agentId: string): Uint8Array | null {
  const key = parseAgentId(agentId);
  if (key === null) return null;
  const y = numberOf(key) % SIGN;
  const inverse = inverted((1n - y + PRIME) % PRIME);
  return inverse === null ? null : bytesOf((1n + y) * inverse % PRIME);
}

/** Extended Euclid; null of 0. */
function inverted(value: bigint): bigint | null {
  let [a, b, x, y] = [value, PRIME, 1n, 0n];
  while (a !== 0n) {
    const times = b / a;
    [a, b, x, y] = [b - times * a, a, y - times * x, x];
  }
  return b === 1n ? (y % PRIME + PRIME) % PRIME : null;
}

/** Little-endian, as RFC 7748 has it. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytes.toReversed().toHex()}`);
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.fromHex(value.toString(16).padStart(64, "0")).toReversed();
}
