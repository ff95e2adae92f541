import assert from "node:assert/strict";
import { Signer } from "../../../daemon/keeper/signer.ts";
import { decodeBase58 } from "../../../lib/protocol/base58.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { readInvite } from "../../../lib/invites/read_invite.ts";
import { roomName } from "../../fakes/plain.ts";
import { signFrame } from "../../../lib/protocol/signing.ts";
import { identityOf } from "../../fakes/fast_identity.ts";

const IDENTITY = await Identity.fromSeed(new Uint8Array(32).fill(1));
/** The same key in other hands: both have to agree. */
const SIGNER = identityOf(new Uint8Array(32).fill(1));
const RELAY = "wss://relay.example.org/v1/ws";
const OTHER_OF_IT = "wss://b.example.org/v1/ws";
const ID = IDENTITY.id;
const NOW = 1_700_000_000_000;
const fresh = { nonce: "n", timestamp: NOW };
const hello = {
  type: "hello",
  profile: { id: ID, name: "ada", version: "0.1.0" },
  relay: RELAY,
  features: [],
  ...fresh,
};
const message = {
  type: "message",
  id: "m",
  room: "tea",
  from: ID,
  content: { type: "text", text: "<b>\u2028" },
  ...fresh,
};

/** A signer that counts how often the key was used. */
function rig() {
  const used: Uint8Array[] = [];
  const clock = { ms: 0 };
  const signer = new Signer({
    id: ID,
    name: "ada",
    relayUrls: [RELAY, OTHER_OF_IT],
    clock: { wall: () => NOW, monotonic: () => clock.ms },
    sign: (bytes) => {
      used.push(bytes);
      return IDENTITY.sign(bytes);
    },
  });
  return { signer, used, clock };
}

Deno.test("Signer: signs each frame of the protocol, as signFrame does", async () => {
  const frames = [
    hello,
    { ...hello, relay: OTHER_OF_IT },
    { type: "hello.pow", pow: { challenge: "c", proof: "p" } },
    { type: "room.create", room: "tea", topic: "", tags: [], ...fresh },
    { type: "room.join", room: "tea", ...fresh },
    { type: "room.leave", room: "tea", ...fresh },
    { type: "room.history", room: "tea", limit: 5, ...fresh },
    message,
    { ...message, reply_to: "m0" },
  ];
  for (const frame of frames) {
    const signing = await rig().signer.sign(frame);
    assert.ok(signing.ok, JSON.stringify(frame));
    const expected = signFrame(frame, SIGNER.sign).signature;
    assert.equal(signing.signature, expected);
    assert.ok(decodeBase58(signing.signature, 64));
  }
});

Deno.test("Signer: the key is not used for anything else", async () => {
  const stranger = identityOf(new Uint8Array(32).fill(2)).id;
  const cyclic: Record<string, unknown> = { ...message };
  cyclic.content = cyclic;
  // A million texts, in twenty lists that hold one another twice.
  let twice: unknown = "x";
  for (let i = 0; i < 20; i++) twice = [twice, twice];
  const refused: unknown[] = [
    null,
    undefined,
    "hello",
    1,
    [],
    [message],
    {},
    { type: "transfer", amount: 1 },
    { type: "ping" },
    { type: "welcome" },
    { type: "pow.challenge" },
    { type: "__proto__" },
    { ...message, type: ["message"] },
    { ...message, from: stranger },
    { ...message, from: undefined },
    { ...hello, profile: { ...hello.profile, id: stranger } },
    { ...hello, profile: null },
    { ...hello, relay: "wss://evil.example/v1/ws" },
    { ...hello, relay: undefined },
    { ...message, content: { type: "text", text: "x".repeat(65_536) } },
    { ...message, content: 1n },
    cyclic,
    { ...message, content: twice },
    { ...message, content: new Array(4_000_000_000) },
    { ...message, content: new Uint8Array(50_000_000) },
    { ...message, content: new Map() },
    new Uint8Array(50_000_000),
    { type: "hello.pow", pow: new Array(4_000_000_000) },
    { ...message, timestamp: NOW - 60_001 },
    { ...message, timestamp: NOW + 5_001 },
    { ...message, timestamp: `${NOW}` },
    { ...message, timestamp: NaN },
    { ...message, timestamp: undefined },
    { ...hello, timestamp: NOW + 86_400_000 },
  ];
  for (const frame of refused) {
    const { signer, used } = rig();
    const signing = await signer.sign(frame);
    assert.equal(signing.ok, false);
    assert.equal(used.length, 0);
    assert.notEqual(!signing.ok && signing.reason, "");
  }
});

Deno.test("Signer: 2,000 at once and 200 a second, no more; what is refused for itself counts for nothing", async () => {
  const { signer, used, clock } = rig();
  const signAll = async (count: number, frame: unknown = message) => {
    for (let i = 0; i < count; i++) await signer.sign(frame);
  };
  await signAll(100, { type: "ping" });
  await signAll(2_050);
  assert.equal(used.length, 2_000);
  clock.ms += 100;
  await signAll(50);
  assert.equal(used.length, 2_020);
});

Deno.test("Signer: writes an invitation in its own name, to its own relay, for a bounded time", async () => {
  const { signer, used } = rig();
  const room = roomName("tea");
  const inviting = await signer.invite({ room, until: NOW + 60_000 });
  assert.ok(inviting.ok);
  const { by, name, relay, until } = readInvite(inviting.invite, NOW);
  assert.deepEqual(
    [by, name, relay.href, until],
    [ID, "ada", RELAY, NOW + 60_000],
  );
  const day = 24 * 3_600_000;
  for (const wrong of [NOW, NOW - 1000, NOW + 1, NOW + 91 * day, Infinity]) {
    const refused = await signer.invite({ room, until: wrong });
    assert.equal(refused.ok, false, `${wrong}`);
  }
  assert.equal(used.length, 1);
});

Deno.test("Signer: a word to one agent is signed where it is sealed, in the agent's own name, and says nothing beside it", async () => {
  const { signer, used } = rig();
  const { room: _, ...rest } = message;
  const said = (text: string) => ({
    ...{ ...rest, type: "direct", to: "8NYU1dXe" },
    content: { type: "text", text },
  });
  const sealed = said("agentnet-e2e-1.m.AAAA");
  const refused = [
    said("hello"),
    { ...sealed, note: "hello" },
    { ...sealed, from: "somebody" },
  ];
  for (const frame of refused) {
    assert.equal((await signer.sign(frame)).ok, false, JSON.stringify(frame));
  }
  assert.equal(used.length, 0);
  assert.equal((await signer.sign(sealed)).ok, true);
  assert.equal((await signer.sign({ ...sealed, postage: "1" })).ok, true);
});

Deno.test("Signer: nothing plain is signed for a private room, whatever the worker asks", async () => {
  const { signer, used } = rig();
  const room = "p-" + "0123456789abcdef".repeat(2);
  const said = (text: unknown) => ({
    ...message,
    room,
    content: { type: "text", text },
  });
  const sealed = said("agentnet-e2e-1.m.AAAA");
  const create = { type: "room.create", room, topic: "", tags: [], ...fresh };
  const plain = [
    said("hello"),
    said(" agentnet-e2e-1.m.AAAA"),
    said(["agentnet-e2e-1.m.AAAA"]),
    said(undefined),
    { ...said("x"), room: room.toUpperCase() },
    { ...sealed, content: "agentnet-e2e-1." },
    { ...sealed, reply_to: "m0" },
    { ...sealed, kind: "question" },
    { ...sealed, receipt: "shown" },
    { ...sealed, note: "hello" },
    { ...sealed, content: { ...sealed.content, note: "hello" } },
    { ...sealed, content: { ...sealed.content, type: "hello" } },
    said("agentnet-e2e-1. hello"),
    said("agentnet-e2e-1.m.hello there"),
    { ...fresh, type: "marks", room, from: message.from, marks: [] },
    { ...create, topic: "the plan" },
    { ...create, tags: ["plan"] },
    { ...create, tags: "plan" },
  ];
  for (const frame of plain) {
    assert.equal((await signer.sign(frame)).ok, false, JSON.stringify(frame));
  }
  assert.equal(used.length, 0);
  assert.equal((await signer.sign(sealed)).ok, true);
  assert.equal((await signer.sign(create)).ok, true);
  // A public room's name may begin so.
  assert.equal(
    (await signer.sign({ ...said("hello"), room: "p-types" })).ok,
    true,
  );
});
