import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeAgentFrame } from "../../../lib/protocol/decode_agent_frame.ts";
import { WIRE_CODES } from "../../../lib/protocol/frames.ts";
import { agent, goodFrames } from "../../fakes/agents.ts";
import { mutated } from "../../fakes/mutations.ts";

const sei = agent(1);

function refused(text: string): { code: string; message: string } {
  const decoded = decodeAgentFrame(text);
  assert.ok(!decoded.ok, `taken: ${text}`);
  return decoded.fault;
}

function edited(
  text: string,
  edit: (frame: Record<string, unknown>) => void,
): string {
  const frame = JSON.parse(text);
  edit(frame);
  return JSON.stringify(frame);
}

const [hello, , , create, , join, leave, list, message, history] = goodFrames(
  sei,
) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

Deno.test("decodeAgentFrame: takes a good frame of every kind", () => {
  for (const text of goodFrames(sei)) {
    const decoded = decodeAgentFrame(text);
    assert.ok(decoded.ok, text);
    assert.equal(decoded.frame.type, JSON.parse(text).type);
    assert.deepEqual(decoded.raw, JSON.parse(text));
  }
});

Deno.test("decodeAgentFrame: total on 100,000 mutated frames, and a fault always has a wire code", () => {
  fc.assert(
    fc.property(mutated(goodFrames(sei)), (text) => {
      const decoded = decodeAgentFrame(text);
      if (!decoded.ok) assert.ok(WIRE_CODES.includes(decoded.fault.code));
    }),
    { numRuns: 100_000 },
  );
});

Deno.test("decodeAgentFrame: what is not a JSON object with a type is INVALID_MESSAGE, an unknown type UNKNOWN_TYPE", () => {
  for (
    const text of [
      "",
      " ",
      "null",
      "[]",
      '"x"',
      "{",
      "{}",
      '{"type":1}',
      '{"type":null}',
      "{}{}",
      '{"type":"ping"} x',
    ]
  ) {
    assert.equal(refused(text).code, "INVALID_MESSAGE", text);
  }
  for (const type of ["room.kick", "", "constructor", "__proto__", "PING"]) {
    assert.equal(refused(JSON.stringify({ type })).code, "UNKNOWN_TYPE", type);
  }
});

Deno.test("decodeAgentFrame: a room's name is lowered in create and join, refused in message and leave", () => {
  for (const text of [create, join]) {
    const decoded = decodeAgentFrame(
      edited(text, (f) => f.room = "Rust-Agents"),
    );
    assert.ok(decoded.ok && "room" in decoded.frame);
    assert.equal(decoded.frame.room, "rust-agents");
  }
  for (const text of [leave, message]) {
    assert.equal(
      refused(edited(text, (f) => f.room = "Rust-Agents")).code,
      "INVALID_MESSAGE",
    );
  }
  for (const text of [create, join, leave, message, history]) {
    for (
      const room of ["", "a b", "a_b", "é", "a".repeat(65), "a\n", 5, null]
    ) {
      assert.equal(
        refused(edited(text, (f) => f.room = room)).code,
        "INVALID_MESSAGE",
      );
    }
  }
});

Deno.test("decodeAgentFrame: tags are trimmed, lowered and dropped as the protocol says; null is an empty list", () => {
  const tags = [" Rust ", "", "  ", "x".repeat(33), ..."abcdefghijkl"];
  const decoded = decodeAgentFrame(edited(create, (f) => f.tags = tags));
  assert.ok(decoded.ok && decoded.frame.type === "room.create");
  assert.deepEqual(decoded.frame.tags, ["rust", ..."abcdefghi"]);
  for (const empty of [null, [], undefined]) {
    const bare = decodeAgentFrame(edited(create, (f) => f.tags = empty));
    assert.ok(bare.ok && bare.frame.type === "room.create");
    assert.deepEqual(bare.frame.tags, []);
  }
});

Deno.test("decodeAgentFrame: names and topics are bounded in code points", () => {
  const named = (name: unknown) =>
    edited(hello, (f) => f.profile = { id: sei.id, name, version: "1" });
  assert.ok(decodeAgentFrame(named("😀".repeat(64))).ok);
  for (const name of ["😀".repeat(65), "", 5, null]) {
    assert.equal(refused(named(name)).code, "INVALID_MESSAGE");
  }
  assert.ok(
    decodeAgentFrame(edited(create, (f) => f.topic = "😀".repeat(512))).ok,
  );
  assert.equal(
    refused(edited(create, (f) => f.topic = "😀".repeat(513))).code,
    "INVALID_MESSAGE",
  );
});

Deno.test("decodeAgentFrame: keys in another case and the relay's own fields are refused", () => {
  const rivals = [
    "Room",
    "ROOM",
    "From",
    "CONTENT",
    "\u017fignature",
    "time\u017ftamp",
    "Type",
  ];
  for (const key of rivals) {
    assert.equal(
      refused(edited(message, (f) => f[key] = "x")).code,
      "INVALID_MESSAGE",
      key,
    );
  }
  for (const key of ["from_name", "seq", "received_at", "From_Name"]) {
    assert.equal(
      refused(edited(message, (f) => f[key] = 1)).code,
      "INVALID_MESSAGE",
      key,
    );
  }
  assert.equal(
    refused(
      edited(
        message,
        (f) => f.content = { type: "text", text: "a", Text: "b" },
      ),
    ).code,
    "INVALID_MESSAGE",
  );
  assert.ok(decodeAgentFrame(edited(message, (f) => f.mood = "fine")).ok);
});

Deno.test("decodeAgentFrame: what signing needs is AUTH_FAILED when it is missing, as from a Go relay", () => {
  for (const key of ["nonce", "timestamp", "signature"]) {
    assert.equal(
      refused(edited(message, (f) => delete f[key])).code,
      "AUTH_FAILED",
      key,
    );
    assert.equal(
      refused(edited(join, (f) => f[key] = {})).code,
      "AUTH_FAILED",
      key,
    );
  }
  const both = edited(message, (f) => (delete f.nonce, f.room = "A"));
  assert.equal(refused(both).code, "INVALID_MESSAGE");
});

Deno.test("decodeAgentFrame: a list's limit falls back to 50 and is cut to 100, a history's to 200", () => {
  for (
    const [asked, given] of [[undefined, 50], [0, 50], [-5, 50], [7, 7], [
      100,
      100,
    ], [5000, 100]] as const
  ) {
    const decoded = decodeAgentFrame(edited(list, (f) => f.limit = asked));
    assert.ok(decoded.ok && decoded.frame.type === "rooms.list");
    assert.equal(decoded.frame.limit, given);
  }
  const decoded = decodeAgentFrame(edited(history, (f) => f.limit = 1000));
  assert.ok(decoded.ok && decoded.frame.type === "room.history");
  assert.equal(decoded.frame.limit, 200);
});

Deno.test("decodeAgentFrame: a fault names the frame by its id, else its nonce", () => {
  const byId = decodeAgentFrame(edited(message, (f) => f.room = "A"));
  assert.ok(!byId.ok);
  assert.equal(byId.fault.ref, "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed");
  const byNonce = decodeAgentFrame(edited(join, (f) => f.room = "_"));
  assert.ok(!byNonce.ok);
  assert.equal(byNonce.fault.ref, "4fJ1xZ9qkq3m");
});

Deno.test("decodeAgentFrame: fields called __proto__ stay in the raw object and touch nothing else", () => {
  const text = message.replace(
    '{"type"',
    '{"__proto__":{"room":"evil"},"constructor":1,"type"',
  );
  const decoded = decodeAgentFrame(text);
  assert.ok(decoded.ok && decoded.frame.type === "message");
  assert.ok(Object.hasOwn(decoded.raw, "__proto__"));
  assert.equal(decoded.frame.room, "rust-agents");
});

Deno.test("decodeAgentFrame: an id that a command line could take for a flag or two words is INVALID_MESSAGE", () => {
  for (const id of ["--file=/etc/passwd", "-", "a b", "$(id)", "a\n", ""]) {
    for (const field of ["id", "reply_to"]) {
      const text = edited(message, (frame) => void (frame[field] = id));
      const fault = refused(text);
      assert.equal(fault.code, "INVALID_MESSAGE");
      assert.match(fault.message, /does not begin with -/);
    }
  }
});

Deno.test("decodeAgentFrame: a kind of a later version is taken as it is, one of another shape is INVALID_MESSAGE", () => {
  const withKind = (kind: unknown) =>
    edited(message, (frame) => void (frame.kind = kind));
  for (const kind of ["question", "claim", "vote", "x.y-z_"]) {
    const decoded = decodeAgentFrame(withKind(kind));
    assert.ok(decoded.ok && decoded.frame.type === "message");
    assert.equal(decoded.frame.kind, kind);
  }
  for (const kind of ["", "Question", "a b", "x".repeat(33), 1, null, ["a"]]) {
    assert.equal(refused(withKind(kind)).code, "INVALID_MESSAGE", `${kind}`);
  }
  const misnamed = edited(message, (frame) => void (frame.Kind = "claim"));
  assert.equal(refused(misnamed).code, "INVALID_MESSAGE");
});

Deno.test("decodeAgentFrame: a type that is not expected now is as good as unknown, whatever its shape", () => {
  const decoded = decodeAgentFrame('{"type":"rooms.list","tags":1}', ["hello"]);
  assert.equal(!decoded.ok && decoded.fault.code, "UNKNOWN_TYPE");
});
