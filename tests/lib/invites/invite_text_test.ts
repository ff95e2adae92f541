import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Invitation,
  INVITE_PREFIX,
  LONGEST_INVITE,
  parseInvite,
  writeInvite,
} from "../../../lib/invites/invite_text.ts";
import { readInvite } from "../../../lib/invites/read_invite.ts";
import { Failure } from "../../../lib/errors.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { signedBytes } from "../../../lib/protocol/signing.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { roomName } from "../../fakes/plain.ts";

const ADA = await Identity.fromSeed(new Uint8Array(32).fill(7));
const NOW = 1_800_000_000_000;
const PLAIN: Invitation = {
  by: ADA.id,
  until: NOW + 3_600_000,
  room: roomName("tea"),
  name: "ada",
  relay: "wss://relay.example.org/v1/ws",
};

/** {@link PLAIN}, put together byte by byte and signed by WebCrypto. */
const VECTOR =
  "agentnet-invite-1.AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIsAGtJ4BADdGVhA2FkYQAdd3NzOi8vcmVsYXkuZX" +
  "hhbXBsZS5vcmcvdjEvd3Ml-LyWt9RvhB6JDXD-oNVxzOp_InVdF9VQ_vkeNeuVFGCDkXzXLQbTsAmvj61UwD_cEOjWhFKxXL_l453WMdgL";

const write = (change: Partial<Invitation> = {}) =>
  writeInvite({ ...PLAIN, ...change }, ADA.sign);

function codeOf(text: string, now = NOW): string {
  try {
    readInvite(text, now);
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return "none";
}

Deno.test("writeInvite: the form of docs/protocol.md, section 11, as written out by hand over WebCrypto", async () => {
  assert.equal(await write(), VECTOR);
});

Deno.test("parseInvite: what was written comes back, under 400 characters where the relay's address allows it", async () => {
  const names = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) =>
    new TextEncoder().encode(text).length <= 64
  );
  const rooms = fc.stringMatching(/^[a-z0-9-]{1,64}$/).map(roomName);
  const hosts = fc.stringMatching(/^[a-z0-9]{1,60}$/);
  const seconds = fc.integer({ min: 0, max: 2 ** 40 - 1 });
  await fc.assert(fc.asyncProperty(
    fc.tuple(names, rooms, hosts, seconds),
    async ([name, room, host, second]) => {
      const relay = `wss://${host}.example/v1/ws`;
      const said = { name, room, relay, until: second * 1000 };
      const text = await write(said);
      assert.ok(text.length <= LONGEST_INVITE, `${text.length}`);
      const parsed = parseInvite(text);
      assert.ok(parsed.ok);
      const { invitation, signed, signature } = parsed.signed;
      assert.deepEqual(
        { ...invitation, name: invitation.name && name },
        { ...PLAIN, ...said, name: invitation.name && name },
      );
      assert.ok(new Verifier().verify(ADA.id, signature, signed));
    },
  ));
});

Deno.test("writeInvite: a name that makes it too long is left out, and 64 bytes of it mostly are not", async () => {
  const name = "n".repeat(64);
  const short = parseInvite(await write({ name }));
  assert.equal(short.ok && short.signed.invitation.name, name);
  const text = await write({
    name,
    room: roomName("r".repeat(64)),
    relay: `wss://${"h".repeat(60)}.example.org/v1/ws`,
  });
  assert.ok(text.length < 400);
  const long = parseInvite(text);
  assert.equal(long.ok && long.signed.invitation.name, "");
});

Deno.test("readInvite: each character altered in any way, left out or doubled is refused", async () => {
  const text = await write();
  assert.equal(codeOf(text), "none");
  for (let at = 0; at < text.length; at++) {
    const [before, one, after] = [
      text.slice(0, at),
      text[at] as string,
      text.slice(at + 1),
    ];
    const others = [..."AaZz09-_.x"].filter((other) => other !== one);
    const altered = [
      ...others.map((other) => before + other + after),
      before + after,
      before + one + one + after,
    ];
    for (const each of altered) {
      if (each === text) continue;
      assert.equal(codeOf(each), "INVITE_INVALID", `${at}: ${each}`);
    }
  }
});

Deno.test("readInvite: each bit of its bytes flipped is refused", async () => {
  const text = await write();
  const start = `${INVITE_PREFIX}1.`;
  const bytes = Uint8Array.fromBase64(text.slice(start.length), {
    alphabet: "base64url",
  });
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const again = flipped.toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
    assert.equal(codeOf(start + again), "INVITE_INVALID", `bit ${bit}`);
  }
});

Deno.test("readInvite: any text is refused with a code, never with a throw of another kind", () => {
  const tails = fc.oneof(fc.string(), fc.base64String());
  fc.assert(fc.property(tails, (tail) => {
    assert.equal(codeOf(`${INVITE_PREFIX}1.${tail}`), "INVITE_INVALID");
    assert.equal(codeOf(tail), "INVITE_INVALID");
  }));
  for (const start of ["agentnet-invite-2.", "agentnet-invite-.", "x"]) {
    assert.equal(codeOf(`${start}AAAA`), "INVITE_INVALID");
  }
  assert.equal(
    codeOf(`${INVITE_PREFIX}1.${"A".repeat(100_000)}`),
    "INVITE_INVALID",
  );
});

Deno.test("readInvite: its last second still holds, the next does not", async () => {
  const text = await write();
  assert.equal(codeOf(text, PLAIN.until), "none");
  assert.equal(codeOf(text, PLAIN.until + 1), "INVITE_EXPIRED");
  assert.equal(codeOf(` ${text}\n`), "none");
});

Deno.test("readInvite: a relay's address in another form, or a name that can't be shown, is refused although it is signed", async () => {
  const wrong: Partial<Invitation>[] = [
    { relay: "https://relay.example.org/" },
    { relay: "wss://relay.example.org" },
    { relay: "wss://u:p@relay.example.org/v1/ws" },
    { relay: "wss://relay.example.org/v1/ws#x" },
    { relay: "wss://relay.example.org/x?;touch${IFS}/tmp/x;" },
    { relay: "wss://relay.example.org/$(id)" },
    { relay: "wss://relay.example.org/a`id`" },
    { relay: "wss://relay.example.org/a'b" },
    { relay: "" },
    { name: "a\u202eb" },
    { name: "a\nb" },
    { name: " ada" },
    { name: "\u0301" },
    { name: "n".repeat(65) },
  ];
  for (const change of wrong) {
    const text = await write(change);
    assert.equal(codeOf(text), "INVITE_INVALID", JSON.stringify(change));
  }
});

Deno.test("an invitation and a frame are never signed over the same bytes", async () => {
  const parsed = parseInvite(await write());
  assert.ok(parsed.ok);
  const { signed } = parsed.signed;
  const label = new TextDecoder().decode(signed.subarray(0, 18));
  assert.equal(label, "agentnet-invite-1\0");
  // Whatever a frame holds, its bytes are an object of JSON.
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (frame) => {
    assert.equal(signedBytes(frame)[0], "{".charCodeAt(0));
  }));
});
