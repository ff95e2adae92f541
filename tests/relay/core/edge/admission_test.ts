import assert from "node:assert/strict";
import { agent, signed } from "../../../fakes/agents.ts";
import { CoreBed, type Frame } from "../../../fakes/core_bed.ts";
import { prove } from "../../../fakes/relay_agent.ts";

/** Neither is a key of anybody: a point of small order, and bytes that are no point. */
const SMALL_ORDER = "11111111111111111111111111111111";
const NO_POINT = "11111111111111111111111111111112";

function refusedWith(bed: CoreBed, conn: number): string | undefined {
  const [frame] = bed.take(conn);
  assert.equal(bed.closed.get(conn), 1008, JSON.stringify(frame));
  return frame?.code as string | undefined;
}

Deno.test("Admission: hello, challenge, proof, welcome with the features", () => {
  const bed = new CoreBed();
  const maker = bed.maker(agent(1));
  const conn = bed.open();
  bed.text(conn, maker.hello());
  const [challenge] = bed.take(conn);
  assert.equal(challenge?.type, "pow.challenge");
  assert.equal(challenge?.expires, bed.now.wall + 60_000);
  bed.text(conn, maker.helloPow(challenge as Frame));
  assert.deepEqual(bed.take(conn), [{
    type: "welcome",
    relay: "agentnet",
    features: [
      "ack",
      "from_name",
      "fields",
      "history",
      "closed",
      "left",
      "presence",
      "marks",
      "direct",
      "blobs",
    ],
  }]);
});

Deno.test("Admission: a first frame that is not hello is AUTH_FAILED, then the end, and no failed login", () => {
  const first: ((bed: CoreBed) => string)[] = [
    () => '{"type":"ping"}',
    () => '{"type":"nix"}',
    (bed) => bed.maker(agent(1)).join("r"),
    () => '{"type":"rooms.list"}',
    (bed) => bed.maker(agent(1)).helloPow({ challenge: "a", difficulty: 0 }),
  ];
  for (const make of first) {
    const bed = new CoreBed();
    for (let i = 0; i < 6; i++) {
      const conn = bed.open();
      bed.text(conn, make(bed));
      assert.equal(refusedWith(bed, conn), "AUTH_FAILED");
    }
    assert.equal(bed.core.blockedFor("127.0.0.1", bed.now), 0);
  }
});

Deno.test("Admission: refused hellos, each with its code", () => {
  const bed = new CoreBed({ publicUrl: "wss://a.example/v1/ws" });
  const maker = bed.maker(agent(1));
  const wall = bed.now.wall;
  const cases: [string, string][] = [
    [maker.hello({ timestamp: wall - 60_001 }), "AUTH_FAILED"],
    [maker.hello({ timestamp: wall + 5_001 }), "AUTH_FAILED"],
    [maker.hello({ relay: "wss://b.example/v1/ws" }), "AUTH_FAILED"],
    [maker.hello({ relay: "not a URL" }), "AUTH_FAILED"],
    [
      maker.hello({ profile: { id: maker.id, name: "a\u202eb", version: "" } }),
      "INVALID_MESSAGE",
    ],
    [
      maker.hello({ profile: { id: maker.id, name: "", version: "" } }),
      "INVALID_MESSAGE",
    ],
    [
      maker.hello({ profile: { id: SMALL_ORDER, name: "a", version: "" } }),
      "AUTH_FAILED",
    ],
    [
      maker.hello({ profile: { id: NO_POINT, name: "a", version: "" } }),
      "AUTH_FAILED",
    ],
    [
      maker.hello({ profile: { id: agent(2).id, name: "a", version: "" } }),
      "AUTH_FAILED",
    ],
    ["{", "INVALID_MESSAGE"],
  ];
  for (const [hello, code] of cases) {
    const conn = bed.open();
    bed.text(conn, hello);
    assert.equal(refusedWith(bed, conn), code, hello);
  }
});

Deno.test("Admission: the relay field is compared as a URL; require-origin wants one", () => {
  const bed = new CoreBed({
    publicUrl: "wss://a.example/v1/ws",
    requireOrigin: true,
  });
  bed.login(bed.maker(agent(1)), { relay: "WSS://A.example:443/v1/ws" });
  const conn = bed.open();
  bed.text(conn, bed.maker(agent(2)).hello());
  assert.equal(refusedWith(bed, conn), "AUTH_FAILED");
});

Deno.test("Admission: a challenge holds for its connection and once; the signature of hello.pow counts", () => {
  const bed = new CoreBed();
  const maker = bed.maker(agent(1));
  const challengeOf = (conn: number) => {
    bed.text(conn, maker.hello());
    return bed.take(conn)[0] as Frame;
  };
  const [a, b, c] = [bed.open(), bed.open(), bed.open()];
  const own = challengeOf(a);
  challengeOf(b);
  bed.text(b, maker.helloPow(own));
  assert.equal(refusedWith(bed, b), "AUTH_FAILED");
  const third = challengeOf(c);
  bed.text(
    c,
    signed(agent(2), { type: "hello.pow", pow: prove(third) }),
  );
  assert.equal(refusedWith(bed, c), "AUTH_FAILED");
  bed.text(a, maker.helloPow(own));
  assert.deepEqual(bed.types(a), ["welcome"]);
  bed.text(a, maker.helloPow(own));
  assert.deepEqual(bed.types(a), ["AUTH_FAILED"]);
  assert.equal(bed.closed.has(a), false);
});

Deno.test("Admission: a proof that is late, wrong or for another challenge fails", () => {
  const proofs: ((challenge: Frame) => Record<string, unknown>)[] = [
    (challenge) => ({ ...prove(challenge), challenge: "5Kd3NBUAdUnhy" }),
    () => ({ challenge: "x", proof: "1" }),
  ];
  for (const proof of proofs) {
    const bed = new CoreBed({ difficulty: { login: 8, create: 8, direct: 8 } });
    const conn = bed.open();
    bed.text(conn, bed.maker(agent(1)).hello());
    const [challenge] = bed.take(conn);
    const pow = proof(challenge as Frame);
    bed.text(conn, signed(agent(1), { type: "hello.pow", pow }));
    assert.equal(refusedWith(bed, conn), "AUTH_FAILED");
  }
});

Deno.test("Admission: 10 s for a hello, 60 s for a proof, 90 s of silence", () => {
  const bed = new CoreBed();
  const idle = bed.open();
  const slow = bed.open();
  bed.text(slow, bed.maker(agent(1)).hello());
  const silent = bed.login(bed.maker(agent(2)));
  bed.pass(10_000);
  assert.equal(bed.closed.has(idle), false);
  bed.pass(1);
  assert.equal(bed.closed.get(idle), 1008);
  bed.pass(49_999);
  assert.equal(bed.closed.has(slow), false);
  bed.pass(1);
  assert.equal(bed.closed.get(slow), 1008);
  bed.pass(29_999);
  assert.equal(bed.closed.has(silent.conn), false);
  bed.pass(1);
  assert.equal(bed.closed.get(silent.conn), 4002);
});

Deno.test("Admission: five failed logins in a minute block the address for five minutes, and no other", () => {
  const bed = new CoreBed();
  const fail = (address: string) => {
    const conn = bed.open(address);
    const hello = bed.maker(agent(1)).hello();
    bed.text(
      conn,
      hello.replace(
        /"signature":"(..)/,
        (_, two) => `"signature":"${two === "22" ? "33" : "22"}`,
      ),
    );
    return bed.take(conn)[0]?.code;
  };
  for (let i = 0; i < 4; i++) {
    assert.equal(fail("10.0.0.1"), "AUTH_FAILED");
    bed.pass(14_000);
  }
  assert.equal(bed.core.blockedFor("10.0.0.1", bed.now), 0);
  bed.pass(5_000);
  fail("10.0.0.1");
  assert.equal(
    bed.core.blockedFor("10.0.0.1", bed.now),
    0,
    "the first is over a minute old",
  );
  fail("10.0.0.1");
  assert.equal(bed.core.blockedFor("10.0.0.1", bed.now), 300_000);
  assert.equal(bed.core.blockedFor("10.0.0.2", bed.now), 0);
  bed.pass(300_000);
  assert.equal(bed.core.blockedFor("10.0.0.1", bed.now), 0);
});

Deno.test("Admission: a hello used again is refused while its timestamp is valid, after a restart too", () => {
  const bed = new CoreBed();
  const maker = bed.maker(agent(1));
  const hello = maker.hello({ nonce: "same" });
  bed.login(maker, { nonce: "same" });
  const conn = bed.open();
  bed.text(conn, hello);
  assert.equal(refusedWith(bed, conn), "AUTH_FAILED");

  const kept = bed.store.requests.flatMap((request) =>
    request.kind === "nonces" ? request.nonces : []
  );
  assert.deepEqual(kept.map(({ nonce }) => nonce), ["same"]);
  const later = new CoreBed();
  later.core.restore(
    { kind: "ready", rooms: [], nonces: kept, closed: [] },
    later.now,
  );
  const again = later.open();
  later.text(again, hello);
  assert.equal(refusedWith(later, again), "AUTH_FAILED");
});

Deno.test("Admission: a newer login closes the earlier connection with 4001, whose end then changes nothing", () => {
  const bed = new CoreBed().rooms("r");
  const maker = bed.maker(agent(1));
  const other = bed.login(bed.maker(agent(2)));
  const first = bed.login(maker);
  bed.ask(other, other.maker.join("r"));
  bed.ask(first, maker.join("r"));
  const second = bed.login(maker);
  assert.equal(bed.closed.get(first.conn), 4001);
  bed.ask(second, maker.join("r"));
  bed.take(other.conn);
  bed.drop(first.conn);
  assert.deepEqual(bed.types(other.conn), []);
  bed.text(other.conn, other.maker.message("r", "hi"));
  assert.deepEqual(bed.types(second.conn), ["message"]);
  assert.deepEqual(bed.types(first.conn), []);
});

Deno.test("Admission: allow and deny lists", () => {
  const [one, two] = [agent(1), agent(2)];
  const bed = new CoreBed({ allow: new Set([one.id]) });
  bed.login(bed.maker(one));
  const conn = bed.open();
  bed.text(conn, bed.maker(two).hello());
  assert.equal(refusedWith(bed, conn), "AUTH_FAILED");
  bed.core.admit({ deny: new Set([one.id]) });
  bed.login(bed.maker(two));
  const denied = bed.open();
  bed.text(denied, bed.maker(one).hello());
  assert.equal(refusedWith(bed, denied), "AUTH_FAILED");
});

Deno.test("Admission: one who is banned between hello and proof is turned away, at the ban, and never gets in", () => {
  const bed = new CoreBed();
  const banned = bed.maker(agent(1));
  const other = bed.maker(agent(2));
  const [parked, honest] = [banned, other].map((maker) => {
    const conn = bed.open();
    bed.text(conn, maker.hello());
    return { conn, challenge: bed.take(conn)[0] as Frame };
  });
  assert.ok(parked && honest);
  bed.apply(bed.core.admit({ deny: new Set([banned.id]) }));
  assert.equal(refusedWith(bed, parked.conn), "AUTH_FAILED");
  bed.text(parked.conn, banned.helloPow(parked.challenge));
  assert.deepEqual(bed.take(parked.conn), []);
  bed.text(honest.conn, other.helloPow(honest.challenge));
  assert.deepEqual(bed.types(honest.conn), ["welcome"]);
  bed.apply(bed.core.admit({ deny: new Set(), allow: new Set([banned.id]) }));
  assert.equal(bed.core.sizes().agents, 1);
  assert.deepEqual(bed.core.admit({ deny: new Set([other.id]) }), []);
});

Deno.test("Admission: a name that shows nothing, or hides something, is INVALID_MESSAGE", () => {
  const names = [" ", "\u3000", "\u0301", "bob\ufe01", "b\u2800b"];
  for (const name of [...names, `b${"\u0336".repeat(9)}`]) {
    const bed = new CoreBed();
    const conn = bed.open();
    bed.text(
      conn,
      signed(agent(1), {
        type: "hello",
        profile: { id: agent(1).id, name, version: "1" },
        ...{ timestamp: bed.now.wall, nonce: "n" },
      }),
    );
    assert.equal(refusedWith(bed, conn), "INVALID_MESSAGE", name);
  }
});
