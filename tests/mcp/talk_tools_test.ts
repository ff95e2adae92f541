import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { writeInvite } from "../../lib/invites/invite_text.ts";
import { BOB_ID, someRoom, someSend, someStatus } from "../fakes/api_values.ts";
import { identityOf } from "../fakes/fast_identity.ts";
import { HOSTILE_TEXTS } from "../fakes/hostile_text.ts";
import { McpBed } from "../fakes/mcp_bed.ts";
import { roomName } from "../fakes/plain.ts";

const RELAY = "wss://relay.example.org/v1/ws";
const ADA = identityOf(new Uint8Array(32).fill(1));

const request = (text: string) => ({
  ...{ from: BOB_ID, from_name: "bob", text, timestamp: 1, received_at: 2 },
});

const bodyOf = (bed: McpBed, route: string) =>
  bed.calls.find((call) => call.route === route)?.body;

Deno.test("dm: goes to the talk with whom it names, says what it waits for, and sends no secret", async () => {
  await using bed = await McpBed.open({
    "POST send": () =>
      someSend({ room: "@bob", status: "queued", waits_for: "agent" }),
  });
  const said = await bed.text("dm", { to: "@bob", text: "a word" });
  assert.match(
    said,
    /^queued .*@bob[^]*the other agent, which has to know you/,
  );
  assert.deepEqual(bodyOf(bed, "POST send"), {
    ...{ room: "@bob", text: "a word", receipt: true },
  });
  const held = await bed.text("dm", { to: "bob", text: "a-token-of-the-bed" });
  assert.match(held, /^SECRET_HELD_BACK/);
  assert.equal(
    bed.calls.filter(({ route }) => route === "POST send").length,
    1,
  );
});

Deno.test("requests: hostile text of strangers is one line each, inside the fence, within the bound", async () => {
  const requests = HOSTILE_TEXTS.map(({ text }) => request(text));
  await using bed = await McpBed.open({ "GET requests": () => ({ requests }) });
  const shown = await bed.text("requests", { max_bytes: 64_000 });
  const lines = shown.trimEnd().split("\n");
  const end = lines.findIndex((line) => line.startsWith("⟦end"));
  assert.match(lines[0]!, /^⟦untrusted/);
  assert.equal(end, requests.length + 1);
  const some = await bed.text("requests", { max_bytes: 2_000 });
  assert.ok(new TextEncoder().encode(some).length <= 2_000);
  assert.match(some, /more did not fit: raise max_bytes/);
});

Deno.test("accept and drop: ask for the agent that is named, and tell what came of it", async () => {
  await using bed = await McpBed.open({
    "POST accept": () => ({ agent: BOB_ID, room: "@bob", messages: 1 }),
    "POST drop_request": () => ({ agent: BOB_ID, messages: 1 }),
  });
  assert.equal(
    await bed.text("accept", { key: "bob" }),
    "accepted: @bob, 1 message",
  );
  assert.deepEqual(bodyOf(bed, "POST accept"), { agent: "bob" });
  assert.equal(await bed.text("drop", { key: BOB_ID }), `dropped: ${BOB_ID}`);
  await using none = await McpBed.open({});
  assert.match(await none.text("drop", { key: BOB_ID }), /^NOT_FOUND/);
});

Deno.test("create: private rooms, and what does not go with them", async () => {
  await using bed = await McpBed.open({
    "POST create": () => ({
      ...someRoom(),
      private: { epoch: 0, behind: false, member: true },
    }),
  });
  const made = await bed.text("create", {
    ...{ room: "vault", private: true, history: "join" },
  });
  assert.match(made, /private, key 0/);
  assert.deepEqual(bodyOf(bed, "POST create"), {
    ...{ room: "vault", private: true, history: "join" },
  });
  for (
    const wrong of [
      { private: true, tags: ["x"] },
      { history: "join" },
    ]
  ) {
    assert.match(
      await bed.text("create", { room: "vault", ...wrong }),
      /^USAGE/,
    );
  }
  const asked = bed.calls.filter(({ route }) => route === "POST create");
  assert.equal(asked.length, 1);
});

Deno.test("who: says of a private room that it is one, and that we are behind", async () => {
  await using bed = await McpBed.open({
    "GET members": () => ({
      ...someRoom(),
      private: {
        epoch: 3,
        behind: true,
        member: true,
        newer_named_by: [BOB_ID],
      },
    }),
  });
  const shown = await bed.text("who", { room: "vault" });
  assert.match(shown, /private, key 3, behind: .*5hRk2mVq named/);
});

Deno.test("invite: hands out the string; a count is for private rooms alone", async () => {
  const rooms = [{
    ...{
      name: "vault",
      state: "joined",
      joined: true,
      unread: 0,
      private: true,
    },
  }];
  await using bed = await McpBed.open({
    "GET status": () => someStatus({ rooms: rooms as never }),
    "POST invite": () => ({ invite: "agentnet-invite-1.xyz" }),
  });
  const input = { room: "vault", uses: 2, hours: 48 };
  assert.equal(await bed.text("invite", input), "agentnet-invite-1.xyz");
  assert.deepEqual(bodyOf(bed, "POST invite"), {
    ...{ room: "vault", uses: 2, for_ms: 48 * 3_600_000 },
  });
  assert.match(await bed.text("invite", { room: "tea", uses: 2 }), /^USAGE/);
});

const inviteOf = (
  bed: McpBed,
  change: { readonly relay?: string; readonly isSealed?: true } = {},
) =>
  writeInvite({
    ...{ by: ADA.id, name: "ada", relay: change.relay ?? RELAY },
    ...{ room: roomName("vault"), until: bed.clock.wall() + 60_000 },
    ...(change.isSealed
      ? {
        sealed: {
          wire: roomName(`p-${"0".repeat(32)}`),
          root: "0".repeat(64),
          seed: new Uint8Array(32).fill(5),
        },
      }
      : {}),
  }, (bytes) => Promise.resolve(ADA.sign(bytes)));

Deno.test("join: by an invitation to a room of this relay; makes nobody a contact, moves to no other relay", async () => {
  await using bed = await McpBed.open({
    "GET status": () => someStatus({ relay: RELAY }),
    "POST join": () => someRoom(),
  });
  const text = await inviteOf(bed);
  assert.match(await bed.text("join", { room: ` ${text}\n` }), /joined/);
  assert.deepEqual(bodyOf(bed, "POST join"), { room: "vault" });
  const elsewhere = await inviteOf(bed, {
    relay: "wss://evil.example.org/v1/ws",
  });
  assert.match(
    await bed.text("join", { room: elsewhere }),
    /^INVITE_OTHER_RELAY/,
  );
  assert.match(
    await bed.text("join", { room: text.slice(0, -3) }),
    /^INVITE_INVALID/,
  );
  const asked = bed.calls.map(({ route }) => route);
  assert.deepEqual(asked.filter((route) => route.startsWith("POST")), [
    "POST join",
  ]);
});

Deno.test("join: by an invitation to a private room: in, or whom it waits for", async () => {
  let status = "joined";
  await using bed = await McpBed.open({
    "POST join_private": () => ({
      ...{ status, room: someRoom() },
      admin: { id: ADA.id, name: "ada\u202e", connected: false },
    }),
  });
  const text = await inviteOf(bed, { isSealed: true });
  assert.match(await bed.text("join", { room: text }), /joined/);
  assert.deepEqual(bodyOf(bed, "POST join_private"), { invite: text });
  status = "asked";
  const waits = await bed.text("join", { room: text });
  assert.match(waits, /^asked; waits for the daemon of an admin: .* \(away\)$/);
  assert.ok(!waits.includes("\u202e"));
  bed.answers["POST join_private"] = () =>
    new Failure("INVITE_OTHER_RELAY", {
      fields: { invited: RELAY, known: "wss://x" },
    });
  assert.match(await bed.text("join", { room: text }), /^INVITE_OTHER_RELAY/);
});
