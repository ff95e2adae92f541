import { parseAgentId } from "../../../lib/protocol/agent_id.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { EpochState } from "../../../lib/sealed/epoch_state.ts";
import {
  type EpochHead,
  type EpochRecord,
  epochStatement,
  type GivenRecord,
  hintInput,
  hintOfHash,
  isSealedToAll,
  readForm,
  readState,
  recordHashInput,
  recordOfForm,
  SIGNATURE_BYTES,
  type Wrap,
  wrapOfHint,
} from "../../../lib/sealed/record_form.ts";
import { ONCE, open } from "./chacha_poly.ts";

// What `lib/sealed/epoch_record.ts` does in the session worker, by WebCrypto.

/** Reads a record that its author signed; null for what is none. */
export async function readSigned(
  room: RoomName,
  { author, body }: GivenRecord,
): Promise<EpochRecord | null> {
  const key = parseAgentId(author);
  if (key === null) return null;
  const record = await readUnsigned(
    { room, author },
    body.subarray(0, -SIGNATURE_BYTES),
  );
  if (record === null) return null;
  const signature = body.subarray(-SIGNATURE_BYTES);
  const isSigned = await isSignedBy(key, signature, epochStatement(record));
  return isSigned ? { ...record, body } : null;
}

/** Reads a record all but its signature; null for what is none. Rejects with a RangeError for an author who is no agent. */
export async function readUnsigned(
  author: Pick<EpochHead, "room" | "author">,
  body: Uint8Array,
): Promise<EpochRecord | null> {
  const form = readForm(body);
  return form === null ? null : recordOfForm(author, form, {
    ...{ body, hash: await sha256(recordHashInput(author, body)) },
    startHash: await sha256(form.start),
  });
}

/** The state of a record; null where the key is another's or what it holds breaks a rule. */
export async function openState(
  record: EpochRecord,
  stateKey: Uint8Array,
): Promise<EpochState | null> {
  const seal = { key: stateKey, nonce: ONCE, aad: record.stateAad };
  const opened = open(seal, record.sealedState);
  const state = opened === null ? null : readState(record, opened);
  if (state === null) return null;
  const kc = Uint8Array.fromHex(record.kc);
  const hints = await Promise.all(
    state.members.map((member) => hintOf(record.room, kc, member)),
  );
  return isSealedToAll(record, hints) ? state : null;
}

/** How a wrap is found among those of others. */
export async function hintOf(
  room: RoomName,
  kc: Uint8Array,
  member: string,
): Promise<Uint8Array> {
  return hintOfHash(await sha256(hintInput(room, kc, member)));
}

/** The wrap for a member; undefined where the record has none. */
export async function wrapFor(
  record: EpochRecord,
  member: string,
): Promise<Wrap | undefined> {
  const kc = Uint8Array.fromHex(record.kc);
  return wrapOfHint(record, await hintOf(record.room, kc, member));
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", owned(bytes)));
}

/** Ed25519 (RFC 8032 section 5.1.7). */
async function isSignedBy(
  author: Uint8Array,
  signature: Uint8Array,
  bytes: Uint8Array,
): Promise<boolean> {
  const key = await crypto.subtle.importKey(
    ...["raw", owned(author), "Ed25519", false] as const,
    ["verify"],
  );
  return await crypto.subtle.verify(
    ...["Ed25519", key, owned(signature), owned(bytes)] as const,
  );
}

/** Bytes as WebCrypto's types want them: not shared with another thread. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
