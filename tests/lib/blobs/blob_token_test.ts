import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BlobClaim,
  blobHost,
  blobSignedBytes,
  isClaimOfNow,
  parseBlobToken,
  readBlobToken,
  writeBlobToken,
} from "../../../lib/blobs/blob_token.ts";
import {
  canonicalJson,
  type JsonValue,
} from "../../../lib/protocol/canonical_json.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { roomName } from "../../fakes/plain.ts";

const ADA = await Identity.fromSeed(new Uint8Array(32).fill(7));
const BEA = await Identity.fromSeed(new Uint8Array(32).fill(8));
const NOW = 1_800_000_000_000;
const verifier = new Verifier();
const PUT: BlobClaim = {
  action: "put",
  agent: ADA.id,
  sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  size: 0,
  room: roomName("tea"),
  relay: "relay.example.org",
  at: NOW,
};

/** A token with any body, signed by Ada. */
async function tokenOf(said: JsonValue | string): Promise<string> {
  const body = typeof said === "string" ? said : canonicalJson(said);
  const text = new TextEncoder();
  const signature = await ADA.sign(text.encode(`agentnet-blob-1\0${body}`));
  const bytes = new Uint8Array([...signature, ...text.encode(body)]);
  const options = { alphabet: "base64url", omitPadding: true } as const;
  return `agentnet-blob-1.${bytes.toBase64(options)}`;
}

Deno.test("writeBlobToken: the form of docs/protocol.md, section 18, as written out by hand", async () => {
  const body =
    `{"action":"put","agent":"${ADA.id}","at":1800000000000,"relay":"relay.example.org","room":"tea",` +
    `"sha256":"${PUT.sha256}","size":0}`;
  assert.equal(
    new TextDecoder().decode(blobSignedBytes(PUT)),
    `agentnet-blob-1\0${body}`,
  );
  assert.equal(await writeBlobToken(PUT, ADA.sign), await tokenOf(body));
});

Deno.test("readBlobToken: what was claimed comes back, of a room and of two agents", async () => {
  const get: BlobClaim = {
    action: "get",
    agent: ADA.id,
    sha256: "ab".repeat(32),
    size: 17,
    peer: BEA.id,
    relay: "127.0.0.1:8080",
    at: NOW,
  };
  for (const claim of [PUT, get]) {
    const token = await writeBlobToken(claim, ADA.sign);
    assert.deepEqual(readBlobToken(token, verifier), claim);
  }
});

Deno.test("readBlobToken: another's signature, and any changed character, is refused", async () => {
  const forged = await writeBlobToken(PUT, BEA.sign);
  assert.equal(readBlobToken(forged, verifier), null);
  const token = await writeBlobToken(PUT, ADA.sign);
  fc.assert(fc.property(
    fc.nat(token.length - 1),
    fc.constantFrom(..."Aa0_-."),
    (at, character) => {
      const other = token.slice(0, at) + character + token.slice(at + 1);
      assert.equal(readBlobToken(other, verifier) === null, other !== token);
    },
  ));
});

Deno.test("parseBlobToken: only the one form of a claim is one", async () => {
  const { room: _room, ...noScope } = PUT;
  const wrong: (JsonValue | string)[] = [
    noScope,
    { ...PUT, peer: BEA.id } as unknown as JsonValue,
    { ...noScope, peer: ADA.id },
    { ...PUT, action: "delete" },
    { ...PUT, sha256: PUT.sha256.toUpperCase() },
    { ...PUT, size: -1 },
    { ...PUT, size: 1.5 },
    { ...PUT, relay: "Relay.example.org" },
    { ...PUT, relay: "relay.example.org/x" },
    { ...PUT, relay: "" },
    { ...PUT, room: "Tea" },
    { ...PUT, agent: "1" },
    { ...PUT, more: 1 },
    [],
    "",
    "{",
    JSON.stringify(PUT),
    `${canonicalJson(PUT as unknown as JsonValue)} `,
  ];
  for (const said of wrong) {
    assert.equal(
      parseBlobToken(await tokenOf(said)),
      null,
      JSON.stringify(said),
    );
  }
  assert.notEqual(
    parseBlobToken(await tokenOf(PUT as unknown as JsonValue)),
    null,
  );
  fc.assert(fc.property(fc.string(), (text) => {
    assert.equal(parseBlobToken(`agentnet-blob-1.${text}`), null);
  }));
});

Deno.test("writeBlobToken: what no claim can say is a RangeError", async () => {
  await assert.rejects(
    writeBlobToken({ ...PUT, relay: "a b" }, ADA.sign),
    RangeError,
  );
});

Deno.test("blobHost: the host of each form of address, without the scheme's own port", () => {
  const hosts = [
    ["wss://Relay.example.org/v1/ws", "relay.example.org"],
    ["wss://relay.example.org:443/v1/ws", "relay.example.org"],
    ["ws://127.0.0.1:8080/v1/ws", "127.0.0.1:8080"],
    ["ws://relay:443/v1/ws", "relay:443"],
    ["https://[::1]:9/", "[::1]:9"],
  ] as const;
  for (const [url, host] of hosts) {
    assert.equal(blobHost(url), host);
    const claim = { ...PUT, relay: host };
    assert.doesNotThrow(() => blobSignedBytes(claim));
  }
});

Deno.test("writeBlobToken: takes every host that blobHost gives", async () => {
  for (
    const url of ["ws://relay:443/x", "wss://relay:80/x", "ws://[::1]:9/x"]
  ) {
    const token = await writeBlobToken(
      { ...PUT, relay: blobHost(url) },
      ADA.sign,
    );
    assert.notEqual(parseBlobToken(token), null, url);
  }
});

Deno.test("isClaimOfNow: for a minute, and from 5 s ahead of the relay's clock", () => {
  const cases = [
    [NOW, true],
    [NOW + 59_999, true],
    [NOW + 60_000, false],
    [NOW - 5_000, true],
    [NOW - 5_001, false],
  ] as const;
  for (const [now, isNow] of cases) assert.equal(isClaimOfNow(PUT, now), isNow);
});
