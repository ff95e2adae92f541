import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { parseInvite, writeInvite } from "../../../lib/invites/invite_text.ts";
import { parseAgentId } from "../../../lib/protocol/agent_id.ts";
import { encodeBase58 } from "../../../lib/protocol/base58.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import {
  openBackKey,
  sealBackKey,
} from "../../../daemon/keeper/room_keys/back_keys.ts";
import { agreementKeyOf } from "../../../lib/sealed/agreement_key.ts";
import {
  openState,
  readRecord,
  unsignedRecord,
  wrapFor,
} from "../../../lib/sealed/epoch_record.ts";
import {
  isJoinSigned,
  joinBytes,
  readJoin,
  writeJoin,
} from "../../../lib/sealed/join_request.ts";
import {
  messageAad,
  openMessage,
  prepareMessage,
  readMessage,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { padded, paddedLength, unpadded } from "../../../lib/sealed/padding.ts";
import {
  commitmentOf,
  messageKey,
  SourceKey,
} from "../../../lib/sealed/derived_keys.ts";
import { statementBytes } from "../../../lib/sealed/labelled_bytes.ts";
import {
  isPrivateWire,
  readSealed,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";
import { roomName } from "../../fakes/plain.ts";
import { sealedVectors as vectors } from "../../vectors/sealed.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const room = roomName(vectors.room);
const [ada, bob] = vectors.agents as [
  typeof vectors.agents[0],
  typeof vectors.agents[0],
];
const sourceOf = (at: number) => new SourceKey(hex(vectors.keys[at]!));
const key2 = sourceOf(1);

/** Signs with node:crypto, not with what the keeper signs with. */
function signWith(seed: Uint8Array, bytes: Uint8Array): Uint8Array {
  const der = hex("302e020100300506032b657004220420" + seed.toHex());
  const key = createPrivateKey({
    ...{ key: der as unknown as Buffer, format: "der", type: "pkcs8" },
  });
  return new Uint8Array(sign(null, bytes, key));
}

function bodyOf(text: string) {
  const read = readSealed(text);
  if (read.is !== "sealed") throw new Error(read.is);
  strictEqual(writeSealed(read.kind, read.body), text);
  return read.body;
}

Deno.test("agreementKeyOf and Identity.agreementSecret: the values of libsodium", async () => {
  strictEqual(vectors.libsodium, true);
  for (const one of vectors.agents) {
    strictEqual(agreementKeyOf(one.id)?.toHex(), one.x_public);
    const identity = await Identity.fromSeed(hex(one.seed));
    const secret = await identity.agreementSecret();
    strictEqual(secret.toHex(), one.x_secret);
  }
  strictEqual(agreementKeyOf("1".repeat(32)), null);
});

Deno.test("commitmentOf, messageKey: as the second implementation has them", async () => {
  for (const [at, key] of vectors.keys.entries()) {
    const kc = await commitmentOf(hex(key));
    strictEqual(kc.toHex(), vectors.commitments[at]);
  }
  const { salt, key } = vectors.message;
  strictEqual((await messageKey(key2, hex(salt))).toHex(), key);
});

Deno.test("message: opened, and written again to the byte", async () => {
  const { author: from, id, head, text, sealed, aad, signature } =
    vectors.message;
  const place = { room, from, id };
  const start = readMessage(bodyOf(sealed))!;
  strictEqual(start.epoch.toHex(), vectors.message.epoch);
  const key = await messageKey(key2, start.salt);
  const opened = openMessage(place, start, { key, verifier: new Verifier() });
  const [who, stream, n] = head.saw[0] as [string, string, number];
  const content = {
    head: {
      ...{ stream: head.s, n: head.n, at: head.at },
      ...{ saw: [[who, stream, n] as const], replyTo: head.re },
    },
    text,
  };
  deepStrictEqual(opened, { ok: true, content });
  const { content: bytes, hash } = prepareMessage(place, start.epoch, content);
  const author = parseAgentId(from)!;
  const statement = statementBytes({ kind: "said", room, author, hash });
  const signed = signWith(hex(bob.seed), statement);
  strictEqual(signed.toHex(), signature);
  const open = bodyOf(sealed).subarray(0, 49);
  strictEqual(messageAad(place, open).toHex(), aad);
  const again = sealMessage(place, start, {
    ...{ content: bytes, signature: signed, key },
  });
  strictEqual(writeSealed("m", again), sealed);
});

Deno.test("epoch records: read, their states opened, and written again to the byte", async () => {
  for (const [at, epoch] of vectors.epochs.entries()) {
    const { author, n, hash, state, sealed } = epoch;
    const body = bodyOf(sealed);
    const read = readRecord({ room, author }, body, new Verifier());
    if (!read.ok) throw new Error(read.reason);
    const { record } = read;
    deepStrictEqual([record.n, record.hash], [n, hash]);
    strictEqual(record.kc, vectors.commitments[at]);
    for (const member of state.members) {
      strictEqual(wrapFor(record, member) === undefined, false);
    }
    strictEqual(
      wrapFor(record, encodeBase58(hex(vectors.keys[0]!))),
      undefined,
    );
    const stateKey = await messageKey(sourceOf(at), record.salt);
    const opened = openState(record, stateKey)!;
    deepStrictEqual(opened.members, state.members);
    deepStrictEqual(opened.admins, state.admins);
    const again = unsignedRecord({
      ...{ head: record, kc: hex(record.kc), wraps: record.wraps },
      ...{ salt: record.salt, state: opened, stateKey },
    });
    strictEqual(again.hash.toHex(), hash);
    deepStrictEqual(again.body, body.subarray(0, -64));
  }
  const second = vectors.epochs[1]!;
  const read = readRecord(
    { room, author: second.author },
    bodyOf(second.sealed),
    new Verifier(),
  );
  if (!read.ok) throw new Error(read.reason);
  const stateKey = await messageKey(key2, read.record.salt);
  const [back] = openState(read.record, stateKey)!.back!;
  strictEqual((await openBackKey(key2, back!))?.toHex(), vectors.keys[0]);
  deepStrictEqual(await sealBackKey(key2, hex(vectors.keys[0]!)), back);
});

Deno.test("join request: read, checked, written again", () => {
  const { joiner, at, root, sealed, invite_seed } = vectors.join;
  const body = bodyOf(sealed);
  const request = readJoin(body)!;
  strictEqual(request.at, at);
  const place = { room, joiner, root };
  const verifier = new Verifier();
  strictEqual(isJoinSigned(place, request, verifier), true);
  strictEqual(
    isJoinSigned({ ...place, joiner: ada.id }, request, verifier),
    false,
  );
  const signature = signWith(hex(invite_seed), joinBytes(place, at));
  strictEqual(writeSealed("j", writeJoin({ ...request, signature })), sealed);
});

Deno.test("invitation to a private room: read and written again", async () => {
  const { text, seed, by, ...said } = vectors.invitation;
  const parsed = parseInvite(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  const { invitation } = parsed.signed;
  const sealed = { wire: room, seed: hex(seed), root: said.root };
  deepStrictEqual(invitation, {
    ...{ by, until: said.until, name: said.name, relay: said.relay },
    ...{ room: said.title, sealed },
  });
  const identity = await Identity.fromSeed(hex(ada.seed));
  strictEqual(await writeInvite(invitation, identity.sign), text);
});

Deno.test("padding: Padmé's lengths, and back", () => {
  for (const [length, whole] of vectors.padme as [number, number][]) {
    strictEqual(paddedLength(length), whole);
  }
  for (let length = 0; length < 3_000; length++) {
    const bytes = new Uint8Array(length).fill(0x80);
    deepStrictEqual(unpadded(padded(bytes)), bytes);
  }
  strictEqual(unpadded(new Uint8Array(128)), null);
  strictEqual(unpadded(new Uint8Array()), null);
});

Deno.test("isPrivateWire: 32 hex digits behind p-, nothing else", () => {
  strictEqual(isPrivateWire(vectors.room), true);
  for (const name of ["p-", "p-xyz", `${room}0`, room.toUpperCase(), "tea"]) {
    strictEqual(isPrivateWire(name), false);
  }
});
