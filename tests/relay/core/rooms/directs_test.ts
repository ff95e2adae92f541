import assert from "node:assert/strict";
import type { RawObject } from "../../../../lib/protocol/frames.ts";
import { DIRECT } from "../../../../lib/protocol/limits.ts";
import { isPaid, postageChallenge } from "../../../../lib/protocol/postage.ts";
import {
  type BedLine,
  CORE_SETTINGS,
  CoreBed,
} from "../../../fakes/core_bed.ts";
import { agent } from "../../../fakes/agents.ts";
import { DiskStore } from "../../../fakes/disk_store.ts";
import { prove } from "../../../fakes/relay_agent.ts";
import { DEFAULT_LIMITS } from "../../../../relay/core/settings.ts";

const DAY_MS = 24 * 3_600_000;
const SEES = { features: ["ack", "direct"] };
const BITS = CORE_SETTINGS.difficulty.direct;

class DirectBed extends CoreBed {
  constructor(settings = {}) {
    super({
      limits: { ...DEFAULT_LIMITS, messagesPerAgent: 10_000 },
      ...settings,
    }, new DiskStore());
    this.rooms();
  }

  enter(n: number, more: RawObject = SEES): BedLine {
    return this.login(this.maker(agent(n)), more);
  }

  /** What waits for an agent, in its order, by a login of its own. */
  waiting(n: number): string[] {
    const maker = this.maker(agent(n));
    const conn = this.open();
    this.text(conn, maker.hello(SEES));
    const [challenge] = this.take(conn);
    assert.ok(challenge);
    this.text(conn, maker.helloPow(challenge));
    const [welcome, ...directs] = this.take(conn);
    assert.equal(welcome?.type, "welcome");
    return directs.map(({ type, id }) => `${type} ${id}`);
  }
}

/** @param more `postage: true` for one that is right. */
function direct(
  { maker }: BedLine,
  to: number,
  id: string,
  { postage, text = "agentnet-e2e-1.m.AA", ...more }: RawObject = {},
): string {
  const message = { from: maker.id, to: agent(to).id, id };
  const challenge = postageChallenge(message);
  const proof = postage === true
    ? prove({ challenge, difficulty: BITS }).proof
    : postage;
  return maker.frame({
    ...{ type: "direct", ...message, content: { type: "text", text } },
    ...(proof === undefined ? {} : { postage: proof }),
    ...more,
  });
}

function ack(
  { maker }: BedLine,
  had: readonly (readonly [from: number, id: string])[],
  knows: readonly number[] = [],
): string {
  return maker.frame({
    type: "direct.ack",
    messages: had.map(([from, id]) => ({ from: agent(from).id, id })),
    knows: knows.map((n) => agent(n).id),
  });
}

/** A proof that is none for this message. */
function wrongProof({ maker }: BedLine, to: number, id: string): string {
  const message = { from: maker.id, to: agent(to).id, id };
  for (let n = 0;; n++) {
    const postage = `x${n}`;
    if (!isPaid({ ...message, postage }, BITS)) return postage;
  }
}

Deno.test("direct: a stranger's message without postage, or with another's, is not taken", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  assert.deepEqual(bed.ask(ada, direct(ada, 2, "m1")), ["POSTAGE_DUE"]);
  const postage = wrongProof(ada, 2, "m1");
  assert.deepEqual(
    bed.ask(ada, direct(ada, 2, "m1", { postage })),
    ["INVALID_MESSAGE"],
  );
  assert.deepEqual(bed.waiting(2), []);
});

Deno.test("direct: what is paid waits for who is away, comes at each login until it is acknowledged, then no more", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  assert.deepEqual(
    bed.ask(ada, direct(ada, 2, "m1", { postage: true })),
    ["message.ack"],
  );
  assert.deepEqual(bed.waiting(2), ["direct m1"]);
  assert.deepEqual(bed.waiting(2), ["direct m1"]);
  const bob = bed.enter(2);
  assert.deepEqual(bed.ask(bob, ack(bob, [[1, "m1"]])), []);
  assert.deepEqual(bed.waiting(2), []);
});

Deno.test("direct: a stranger has one message there; once it is known it writes on without postage", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  bed.ask(ada, direct(ada, 2, "m1", { postage: true }));
  assert.deepEqual(
    bed.ask(ada, direct(ada, 2, "m2", { postage: true })),
    ["RATE_LIMITED"],
  );
  const bob = bed.enter(2);
  bed.ask(bob, ack(bob, [[1, "m1"]]));
  assert.deepEqual(bed.waiting(2), []);
  assert.deepEqual(
    bed.ask(ada, direct(ada, 2, "m2", { postage: true })),
    ["RATE_LIMITED"],
  );
  const back = bed.enter(2);
  bed.ask(back, ack(back, [], [1]));
  assert.deepEqual(bed.ask(ada, direct(ada, 2, "m2")), ["message.ack"]);
  assert.deepEqual(bed.types(back.conn), ["direct"]);
});

Deno.test("direct: whom an agent wrote to is no stranger to it", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  const bob = bed.enter(2);
  bed.ask(ada, direct(ada, 2, "m1", { postage: true }));
  assert.deepEqual(bed.ask(bob, direct(bob, 1, "r1")), ["message.ack"]);
  assert.deepEqual(bed.types(ada.conn), ["direct"]);
});

Deno.test("direct: the same again is acknowledged and passed on to nobody; another text under its id is refused", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  const bob = bed.enter(2);
  bed.ask(ada, direct(ada, 2, "m1", { postage: true }));
  bed.take(bob.conn);
  assert.deepEqual(bed.ask(ada, direct(ada, 2, "m1")), ["message.ack"]);
  assert.deepEqual(bed.types(bob.conn), []);
  const text = "agentnet-e2e-1.m.BB";
  assert.deepEqual(
    bed.ask(ada, direct(ada, 2, "m1", { text })),
    ["INVALID_MESSAGE"],
  );
});

Deno.test("direct: an inbox takes 200 messages and 2 MB, of strangers 50, and what is larger than 2 KB of none", () => {
  const bed = new DirectBed();
  const bob = bed.enter(2);
  bed.ask(bob, ack(bob, [], [1]));
  const ada = bed.enter(1);
  for (let n = 0; n < DIRECT.inboxMessages; n++) {
    assert.deepEqual(bed.ask(ada, direct(ada, 2, `m${n}`)), ["message.ack"]);
  }
  assert.deepEqual(bed.ask(ada, direct(ada, 2, "over")), ["RATE_LIMITED"]);

  const large = { text: `agentnet-e2e-1.m.${"A".repeat(60_000)}` };
  bed.ask(bob, ack(bob, [], [3]));
  const eve = bed.enter(3);
  bed.ask(ada, ack(ada, [], [3]));
  const most = Math.floor(DIRECT.inboxBytes / 61_000);
  for (let n = 0; n < most; n++) {
    const text = direct(eve, 1, `l${n}`, large);
    assert.deepEqual(bed.ask(eve, text), ["message.ack"]);
  }
  assert.deepEqual(
    bed.ask(eve, direct(eve, 1, "l-over", large)),
    ["RATE_LIMITED"],
  );

  for (let n = 0; n < DIRECT.inboxRequests; n++) {
    const one = bed.enter(100 + n);
    const text = direct(one, 4, "m", { postage: true });
    assert.deepEqual(bed.ask(one, text), ["message.ack"]);
  }
  const last = bed.enter(99);
  assert.deepEqual(
    bed.ask(last, direct(last, 4, "m", { postage: true })),
    ["RATE_LIMITED"],
  );
  assert.deepEqual(
    bed.ask(last, direct(last, 5, "m", { postage: true, ...large })),
    ["INVALID_MESSAGE"],
  );
});

Deno.test("direct: what waited for 7 days is gone", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  bed.ask(ada, direct(ada, 2, "m1", { postage: true }));
  bed.pass(7 * DAY_MS);
  assert.deepEqual(bed.waiting(2), ["direct m1"]);
  bed.pass(1);
  assert.deepEqual(bed.waiting(2), []);
});

Deno.test("direct: nobody takes another's messages off, writes in a name, or to himself", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  const eve = bed.enter(3);
  bed.ask(ada, direct(ada, 2, "m1", { postage: true }));
  bed.ask(eve, ack(eve, [[1, "m1"]]));
  assert.deepEqual(bed.waiting(2), ["direct m1"]);
  const from = agent(1).id;
  assert.deepEqual(
    bed.ask(eve, direct(eve, 2, "m9", { from, postage: true })),
    ["AUTH_FAILED"],
  );
  assert.deepEqual(bed.ask(eve, direct(eve, 3, "m8")), ["INVALID_MESSAGE"]);
  assert.deepEqual(
    bed.ask(eve, direct(eve, 2, "m7", { to: "nobody" })),
    ["INVALID_MESSAGE"],
  );
});

Deno.test("direct: who did not ask for it gets none, and it waits", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  const old = bed.enter(2, { features: ["ack"] });
  bed.ask(ada, direct(ada, 2, "m1", { postage: true }));
  assert.deepEqual(bed.types(old.conn), []);
  assert.deepEqual(bed.waiting(2), ["direct m1"]);
});

Deno.test("direct: off, it is not announced, and refused", () => {
  const bed = new DirectBed({ direct: false });
  const ada = bed.enter(1);
  const { conn } = bed.enter(2);
  assert.deepEqual(bed.types(conn), []);
  assert.deepEqual(
    bed.ask(ada, direct(ada, 2, "m1", { postage: true })),
    ["UNKNOWN_TYPE"],
  );
  assert.deepEqual(bed.ask(ada, ack(ada, [])), ["UNKNOWN_TYPE"]);
});

const RECEIPT = { text: "agentnet-e2e-1.g.AA" };

Deno.test("direct: a receipt takes the place of its author's one before, beside 200 messages, until it is acknowledged", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  const bob = bed.enter(2);
  bed.ask(bob, direct(bob, 1, "first", { postage: true }));
  bed.ask(bob, ack(bob, [], [1]));
  for (let n = 0; n < DIRECT.inboxMessages; n++) {
    bed.ask(ada, direct(ada, 2, `m${n}`));
  }
  bed.take(bob.conn);
  for (const id of ["g1", "g2", "g3"]) {
    const told = bed.ask(ada, direct(ada, 2, id, RECEIPT));
    assert.deepEqual(told, ["message.ack"]);
  }
  assert.deepEqual(bed.types(bob.conn), ["direct", "direct", "direct"]);
  assert.deepEqual(bed.ask(ada, direct(ada, 2, "full")), ["RATE_LIMITED"]);
  const waiting = bed.waiting(2);
  assert.equal(waiting.length, DIRECT.inboxMessages + 1);
  assert.deepEqual(waiting.slice(-1), ["direct g3"]);
  const back = bed.enter(2);
  bed.ask(back, ack(back, [[1, "g3"]]));
  assert.equal(bed.waiting(2).length, DIRECT.inboxMessages);
});

Deno.test("direct: a stranger's receipt comes to nobody, and he is not told", () => {
  const bed = new DirectBed();
  const ada = bed.enter(1);
  const bob = bed.enter(2);
  assert.deepEqual(bed.ask(ada, direct(ada, 2, "g1", RECEIPT)), [
    "message.ack",
  ]);
  assert.deepEqual(bed.types(bob.conn), []);
  assert.deepEqual(bed.waiting(2), []);
});

Deno.test("direct: receipts of very many take little room: the oldest go", () => {
  const bed = new DirectBed();
  const bob = bed.enter(200);
  bed.ask(
    bob,
    ack(bob, [], Array.from({ length: 110 }, (_, n) => n + 1)),
  );
  for (let n = 1; n <= 110; n++) {
    const one = bed.enter(n);
    bed.ask(one, direct(one, 200, `g${n}`, RECEIPT));
  }
  const waiting = bed.waiting(200);
  assert.equal(waiting.length, 100);
  assert.deepEqual(waiting[0], "direct g11");
});
