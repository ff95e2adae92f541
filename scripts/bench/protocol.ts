// What a frame costs before anybody acts on it: canonical JSON, decoding,
// signing and checking, each beside the plainest code that does as much.
//   deno run -A scripts/bench/protocol.ts [--json]

import {
  hashes,
  signAsync as nobleSign,
  verify as nobleVerify,
} from "@noble/ed25519";
import { createHash, createPublicKey, verify } from "node:crypto";
import { parseAgentId } from "../../lib/protocol/agent_id.ts";
import { encodeBase58 } from "../../lib/protocol/base58.ts";
import {
  canonicalJson,
  type JsonValue,
} from "../../lib/protocol/canonical_json.ts";
import { decodeAgentFrame } from "../../lib/protocol/decode_agent_frame.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import { signedBytes, signFrame } from "../../lib/protocol/signing.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import { identityOf } from "../../tests/fakes/fast_identity.ts";
import { type BenchRow, benchRow, renderTable } from "./table.ts";

/** Microseconds a call. */
const UNIT = "µs";
/** Length of one measurement in milliseconds. */
const SPAN_MS = 150;
/** Each is measured so often, in turns, and the best counts. */
const ROUNDS = 5;

hashes.sha512 = (message) =>
  new Uint8Array(createHash("sha512").update(message).digest());

const seed = new Uint8Array(32).fill(7);
const identity = await Identity.fromSeed(seed);
const frame = signFrame({
  type: "message",
  id: "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
  room: "rust-agents",
  from: identity.id,
  content: { type: "text", text: "if a<b && c>d { 漢字 😀 } ".repeat(8) },
  timestamp: 1_795_467_995_392,
  nonce: "4fJ1xZ9qkq3m",
}, identityOf(seed).sign);
const text = JSON.stringify(frame);
const bytes = signedBytes(frame);
const signature = await identity.sign(bytes);
const publicKey = parseAgentId(identity.id) as Uint8Array;

/** Figures of the wire's pure parts for a message of some 250 characters of code. */
export async function benchProtocol(): Promise<BenchRow[]> {
  const verifier = new Verifier();
  const encoded = encodeBase58(signature);
  const key = createPublicKey({
    key: {
      kty: "OKP",
      crv: "Ed25519",
      x: publicKey.toBase64({ alphabet: "base64url", omitPadding: true }),
    },
    format: "jwk",
  });
  const cost = best({
    canonical: () => canonicalJson(frame as unknown as JsonValue),
    stringify: () => JSON.stringify(frame),
    decode: () => decodeAgentFrame(text),
    parse: () => JSON.parse(text),
    check: () => verifier.verify(identity.id, encoded, bytes),
    bareCheck: () => verify(null, bytes, key, signature),
    nobleCheck: () => nobleVerify(signature, bytes, publicKey),
  });
  const signing = await bestLater({
    sign: () => identity.sign(bytes),
    bareSign: () => nobleSign(bytes, seed),
  });
  const row = (
    name: string,
    figure: number,
    [floor, floorFigure]: [string, number],
  ) => benchRow({ name, figure, unit: UNIT, floor, floorFigure });
  return [
    row("canonical JSON", cost.canonical, ["JSON.stringify", cost.stringify]),
    row("decode a message", cost.decode, ["JSON.parse", cost.parse]),
    row("check a signature", cost.check, [
      "node:crypto verify",
      cost.bareCheck,
    ]),
    row("check a signature", cost.check, ["noble", cost.nobleCheck]),
    row("sign", signing.sign, ["noble", signing.bareSign]),
  ];
}

/** Microseconds a call of each, the best of several rounds taken in turns. */
function best<Name extends string>(
  ways: Record<Name, () => unknown>,
): Record<Name, number> {
  const found = {} as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(ways) as Name[]) {
      found[name] = Math.min(found[name] ?? Infinity, costOf(ways[name]));
    }
  }
  return found;
}

function costOf(way: () => unknown): number {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < SPAN_MS) {
    for (let i = 0; i < 16; i++) way();
    calls += 16;
  }
  return (performance.now() - start) * 1000 / calls;
}

/** The same for what answers later, one after the other. */
async function bestLater<Name extends string>(
  ways: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const found = {} as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(ways) as Name[]) {
      const start = performance.now();
      let calls = 0;
      for (; performance.now() - start < SPAN_MS; calls++) await ways[name]();
      const cost = (performance.now() - start) * 1000 / calls;
      found[name] = Math.min(found[name] ?? Infinity, cost);
    }
  }
  return found;
}

if (import.meta.main) {
  const rows = await benchProtocol();
  const out = Deno.args.includes("--json")
    ? JSON.stringify(rows)
    : renderTable(rows);
  Deno.stdout.writeSync(new TextEncoder().encode(out + "\n"));
}
