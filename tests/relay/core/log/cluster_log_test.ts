import assert from "node:assert/strict";
import type { AgentFrame } from "../../../../lib/protocol/frames.ts";
import { agent } from "../../../fakes/agents.ts";
import { SimLedger, SimLine } from "../../../fakes/sim_ledger.ts";
import { SimLog } from "../../../fakes/sim_log.ts";
import { SimRelay } from "../../../fakes/sim_relay.ts";

const START = 1_800_000_000_000;

/** Some relays over one log that takes what they say, unless a test says otherwise. */
class Bed {
  readonly ledger = new SimLedger();
  readonly log = new SimLog();
  readonly relays: SimRelay[] = [];
  mono = 0;
  takes = true;
  #nonce = 0;

  relay(node: string, aheadMs = 0): SimRelay {
    const made = new SimRelay({
      node,
      ledger: this.ledger,
      now: () => ({ wall: START + this.mono + aheadMs, mono: this.mono }),
      publish: (batch) => this.log.publish(batch),
      end: () => this.log.end,
      isEager: false,
    });
    this.relays.push(made);
    made.start();
    return made;
  }

  flow(): void {
    for (let round = 0; round < 4; round++) {
      if (this.takes) this.log.landAll(START + this.mono);
      for (const relay of this.relays) {
        const entries = this.log.after(relay.handed, Infinity);
        if (relay.isUp && entries.length > 0) relay.hand(entries);
        while (relay.write({ fails: false }));
      }
    }
  }

  pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.mono += 1_000;
      for (const relay of this.relays) relay.step({ kind: "tick" });
      this.flow();
    }
  }

  /** An agent that is in, and in room tea. */
  member(relay: SimRelay, number: number): SimLine {
    const who = agent(number).id;
    const line = relay.open((conn) => new SimLine(who, relay.node, conn));
    const profile = { id: who, name: "x", version: "1" };
    this.say(relay, line, { type: "hello", profile, features: ["ack"] });
    const login = { challenge: line.challenge, proof: "x" };
    this.say(relay, line, { type: "hello.pow", pow: login });
    this.flow();
    const create = { type: "room.create", room: "tea", topic: "", tags: [] };
    this.say(relay, line, create);
    const pow = { challenge: line.challenge, proof: "x" };
    this.say(relay, line, { ...create, pow });
    this.flow();
    this.say(relay, line, { type: "room.join", room: "tea" });
    this.flow();
    return line;
  }

  message(relay: SimRelay, line: SimLine, id: string): void {
    const content = { type: "text", text: id };
    const from = line.agent;
    this.say(relay, line, { type: "message", id, room: "tea", from, content });
  }

  say(
    relay: SimRelay,
    line: SimLine,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    const nonce = `n${++this.#nonce}`;
    const stamp = { nonce, timestamp: START + this.mono, signature: "" };
    const frame = { ...fields, ...stamp } as unknown as AgentFrame;
    const text = JSON.stringify(frame);
    relay.step({ kind: "frame", conn: line.conn, frame, text });
  }
}

Deno.test("ClusterLog: a second relay of a name that is in use begins not, and the first goes on", () => {
  const bed = new Bed();
  const first = bed.relay("a");
  bed.pass(3);
  const second = bed.relay("a");
  bed.pass(5);
  assert.match(second.isUnfit ?? "", /another relay goes by the name 'a'/);
  assert.deepEqual([first.isUnfit, first.core?.trouble], [null, null]);
  assert.equal(second.isServing, false);
});

Deno.test("ClusterLog: a relay that is started again at once waits a moment, then serves; later it does not wait", () => {
  for (const [away, waits] of [[0, true], [10, false]] as const) {
    const bed = new Bed();
    const other = bed.relay("b");
    const relay = bed.relay("a");
    bed.pass(3);
    relay.crash();
    bed.pass(away);
    relay.handed = 0;
    relay.start();
    bed.flow();
    assert.equal(relay.isServing, !waits);
    bed.pass(3);
    assert.equal(relay.isServing, true);
    assert.equal(relay.core?.trouble, null);
    assert.equal(other.core?.trouble, null);
    bed.member(relay, 1);
  }
});

Deno.test("ClusterLog: what an earlier run said with its clock an hour ahead silences no later run", () => {
  const bed = new Bed();
  const early = bed.relay("a", 3_600_000);
  bed.pass(3);
  early.crash();
  bed.relays.length = 0;
  const relay = bed.relay("a");
  bed.pass(6);
  const line = bed.member(relay, 1);
  bed.message(relay, line, "tea:1");
  bed.flow();
  assert.equal(bed.ledger.acks.size, 1);
});

Deno.test("ClusterLog: without the log a relay says so after 3 s, takes nothing in, refuses after 20 s what waits, ends all after 60 s", () => {
  const bed = new Bed();
  const relay = bed.relay("a");
  bed.pass(2);
  const line = bed.member(relay, 1);
  bed.takes = false;
  bed.pass(1);
  bed.message(relay, line, "tea:1");
  bed.message(relay, line, "tea:2");
  bed.pass(1);
  assert.deepEqual([relay.core?.trouble, relay.core?.isFull], [null, false]);
  bed.pass(2);
  assert.match(relay.core?.trouble ?? "", /the log does not take/);
  assert.equal(relay.core?.isFull, true);
  bed.pass(14);
  assert.equal(line.refused, null);
  bed.pass(4);
  assert.equal(line.refused, "RATE_LIMITED");
  assert.equal(line.isOpen, true);
  bed.pass(40);
  assert.equal(line.isOpen, false);
  bed.takes = true;
  bed.pass(2);
  assert.equal(relay.core?.trouble, null);
  assert.equal(bed.ledger.acks.size, 0);
  const here = relay.core?.view({ wall: 0, mono: 0 }).agents_total;
  assert.equal(here, 0, "who was sent away is not taken for present");
  bed.message(relay, bed.member(relay, 2), "tea:9");
  bed.flow();
  assert.equal(bed.ledger.acks.size, 1);
});

Deno.test("ClusterLog: while the view can't be written nothing is acknowledged, and all is once it can", () => {
  const bed = new Bed();
  const relay = bed.relay("a");
  bed.pass(2);
  const line = bed.member(relay, 1);
  bed.message(relay, line, "tea:1");
  bed.log.landAll(START + bed.mono);
  relay.hand(bed.log.after(relay.handed, Infinity));
  relay.write({ fails: true });
  assert.match(relay.core?.trouble ?? "", /the view can't be written: full/);
  assert.equal(bed.ledger.acks.size, 0);
  bed.pass(1);
  assert.equal(relay.core?.trouble, null);
  assert.equal(bed.ledger.acks.size, 1);
});

Deno.test("ClusterLog: rules that are newer than the program end the service, with what to do", () => {
  const bed = new Bed();
  const relay = bed.relay("a");
  bed.pass(2);
  const line = bed.member(relay, 1);
  relay.hand([{ position: bed.log.end + 1, at: START, batch: 2 }]);
  assert.match(relay.isUnfit ?? "", /run the newer one/);
  assert.equal(line.isOpen, false);
  bed.pass(2);
  assert.equal(relay.core?.isFull, true);
});
