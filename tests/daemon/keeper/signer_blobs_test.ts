import assert from "node:assert/strict";
import { Signer } from "../../../daemon/keeper/signer.ts";
import {
  type OwnBlobClaim,
  readBlobToken,
} from "../../../lib/blobs/blob_token.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { sealedLength } from "../../../lib/sealed/file_length.ts";
import { identityOf } from "../../fakes/fast_identity.ts";
import { roomName } from "../../fakes/plain.ts";

const IDENTITY = await Identity.fromSeed(new Uint8Array(32).fill(1));
const PEER = identityOf(new Uint8Array(32).fill(2)).id;
const NOW = 1_700_000_000_000;
const WIRE = roomName(`p-${"0a".repeat(16)}`);
const claim: OwnBlobClaim = {
  action: "put",
  sha256: "ab".repeat(32),
  size: 5,
  room: roomName("tea"),
  relay: "relay.example.org",
  at: NOW,
};
const { room: _, ...nowhere } = claim;

function signer(): Signer {
  return new Signer({
    id: IDENTITY.id,
    name: "ada",
    relayUrls: ["wss://relay.example.org/v1/ws"],
    clock: { wall: () => NOW, monotonic: () => 0 },
    sign: (bytes) => IDENTITY.sign(bytes),
  });
}

Deno.test("Signer.blob: a token in the agent's own name, for its relay, now", async () => {
  const claims: OwnBlobClaim[] = [
    claim,
    { ...claim, action: "get" },
    { ...claim, room: WIRE, size: sealedLength(5) },
    { ...nowhere, peer: PEER, size: sealedLength(5) },
    { ...claim, action: "get", room: WIRE, size: 7 },
  ];
  for (const wanted of claims) {
    const tokened = await signer().blob(wanted);
    assert.ok(tokened.ok, JSON.stringify(wanted));
    assert.deepEqual(readBlobToken(tokened.token, new Verifier()), {
      ...{ ...wanted, agent: IDENTITY.id },
    });
  }
});

Deno.test("Signer.blob: nothing plain goes to a private room or to one agent; no other relay, moment or form", async () => {
  const refused: unknown[] = [
    { ...claim, room: WIRE },
    { ...claim, room: WIRE.toUpperCase() },
    { ...nowhere, peer: PEER },
    { ...claim, room: WIRE, size: sealedLength(5) + 1 },
    { ...claim, relay: "other.example.org" },
    { ...claim, at: NOW - 120_000 },
    { ...claim, at: NOW + 60_000 },
    { ...claim, action: "list" },
    { ...claim, size: -1 },
    { ...claim, sha256: "x" },
    { ...claim, peer: PEER },
    nowhere,
    null,
    "x",
    [],
  ];
  for (const wanted of refused) {
    const tokened = await signer().blob(wanted as OwnBlobClaim);
    assert.equal(tokened.ok, false, JSON.stringify(wanted));
  }
});
