import type { AgentFrame } from "../../lib/protocol/frames.ts";
import { agent } from "./agents.ts";
import { SimAgents } from "./sim_agents.ts";
import { SimLedger } from "./sim_ledger.ts";
import { SimLine } from "./sim_line.ts";
import { SimLog } from "./sim_log.ts";
import { SimRelay } from "./sim_relay.ts";

export const START = 1_800_000_000_000;

/** Some relays over one log that takes what they say, unless a test says otherwise. */
export class ClusterBed {
  readonly ledger = new SimLedger();
  readonly log = new SimLog();
  readonly relays: SimRelay[] = [];
  readonly agents = new SimAgents({
    ...{ ledger: this.ledger, relays: this.relays },
    time: () => START + this.mono,
  });
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
