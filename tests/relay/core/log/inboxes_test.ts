import assert from "node:assert/strict";
import { DIRECT } from "../../../../lib/protocol/limits.ts";
import { agent } from "../../../fakes/agents.ts";
import { ClusterBed } from "../../../fakes/cluster_bed.ts";

const RECIPIENT = agent(1).id;
const authors = (count: number) =>
  Array.from({ length: count }, (_, i) => agent(10 + i).id);

/** Three relays, an agent that is away, and others spread over the relays. */
class InboxBed extends ClusterBed {
  constructor(others: readonly string[]) {
    super();
    for (const node of ["a", "b", "c"]) this.relay(node);
    this.pass(3);
    this.enter(RECIPIENT, 0);
    for (const [i, who] of others.entries()) this.enter(who, i);
  }

  enter(who: string, at: number): void {
    const relay = this.relays[at % this.relays.length];
    assert.ok(relay);
    this.agents.login(who, relay);
    this.flow();
  }

  /** What waits for it in each view, which must be the same. */
  waiting(): readonly string[] {
    const [first = [], ...others] = this.relays.map(({ view }) =>
      view.inbox().filter(({ recipient }) => recipient === RECIPIENT)
        .map(({ author, id, request }) => `${author} ${id} ${request}`)
    );
    for (const one of others) assert.deepEqual(one, first);
    return first;
  }

  /** Until nothing is under way any more. */
  flowOut(): void {
    for (let i = 0; i < 100; i++) this.flow();
  }
}

Deno.test("an inbox over three relays: of those that are known it takes so many as it holds, whichever relays they come in at", () => {
  const others = authors(6);
  const bed = new InboxBed(others);
  for (const who of others) {
    bed.agents.direct(RECIPIENT, who);
    bed.flow();
  }
  bed.agents.hang(RECIPIENT);
  bed.flow();
  const before = bed.ledger.directs.acks.size;
  for (let i = 0; i < 40; i++) {
    for (const who of others) bed.agents.direct(who, RECIPIENT);
  }
  bed.flowOut();
  assert.equal(bed.waiting().length, DIRECT.inboxMessages);
  assert.equal(
    bed.ledger.directs.acks.size - before,
    DIRECT.inboxMessages,
    "who was told that it is kept",
  );

  // It comes back at another relay, has all of them, and says so: there is room again, at each.
  bed.enter(RECIPIENT, 2);
  bed.ledger.directs.checkDelivered();
  bed.agents.acknowledge(RECIPIENT, { accepts: false });
  bed.flow();
  assert.deepEqual(bed.waiting(), []);
  bed.agents.hang(RECIPIENT);
  for (const who of others) bed.agents.direct(who, RECIPIENT);
  bed.flowOut();
  assert.equal(bed.waiting().length, others.length);
});

Deno.test("an inbox over three relays: one message of each who is not known, and of so many", () => {
  const others = authors(60);
  const bed = new InboxBed(others);
  bed.agents.hang(RECIPIENT);
  for (const who of [...others, ...others]) {
    bed.agents.direct(who, RECIPIENT);
  }
  bed.flowOut();
  const waiting = bed.waiting();
  assert.equal(waiting.length, DIRECT.inboxRequests);
  assert.ok(waiting.every((row) => row.endsWith(" 1")));
  assert.equal(
    new Set(waiting.map((row) => row.split(" ")[0])).size,
    DIRECT.inboxRequests,
  );
  assert.equal(bed.ledger.directs.acks.size, DIRECT.inboxRequests);

  // Who was taken in writes as one who is known, and there is room for what the others ask.
  bed.enter(RECIPIENT, 1);
  bed.agents.acknowledge(RECIPIENT, { accepts: true });
  bed.flow();
  assert.deepEqual(bed.waiting(), []);
  for (const who of others) bed.agents.direct(who, RECIPIENT);
  bed.flowOut();
  assert.equal(bed.waiting().length, others.length);
});
