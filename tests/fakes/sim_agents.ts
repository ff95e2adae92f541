import type { AgentFrame } from "../../lib/protocol/frames.ts";
import type { SimLedger } from "./sim_ledger.ts";
import { SimLine } from "./sim_line.ts";
import type { SimRelay } from "./sim_relay.ts";

export interface SimAgentsOptions {
  readonly ledger: SimLedger;
  readonly relays: readonly SimRelay[];
  /** Milliseconds since 1970. */
  readonly time: () => number;
}

/** What an agent said, under the id by which it says it again. */
interface Said {
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The room that it must be in for it; null for what goes to one agent. */
  readonly room: string | null;
}

const FEATURES = ["ack", "closed", "left", "direct", "marks"];

/** The agents of the simulated cluster, each over one connection at a time. */
export class SimAgents {
  readonly #options: SimAgentsOptions;
  readonly #lines = new Map<string, SimLine>();
  /** What each agent said and heard no answer to. */
  readonly #unanswered = new Map<string, Said[]>();
  #said = 0;
  #nonce = 0;

  constructor(options: SimAgentsOptions) {
    this.#options = options;
  }

  /** As a daemon does: it connects where it is not, joins where it is not in, else speaks. */
  live(who: string, room: string, relay: SimRelay): void {
    const line = this.#lines.get(who);
    if (!line?.isOpen) this.login(who, relay);
    else if (!line.stays.has(room)) this.join(who, room);
    else this.say(who, room);
  }

  login(who: string, relay: SimRelay): void {
    if (!relay.takesFrames) return;
    const line = relay.open((conn) => {
      const made = new SimLine(who, relay.node, conn);
      this.#options.ledger.opened(made);
      return made;
    });
    this.#lines.set(who, line);
    const profile = { id: who, name: who.slice(0, 4), version: "1" };
    this.#frame(line, { type: "hello", profile, features: FEATURES });
    if (line.challenge === null) return;
    const pow = { challenge: line.challenge, proof: "x" };
    this.#frame(line, { type: "hello.pow", pow });
  }

  join(who: string, room: string): void {
    const line = this.#line(who);
    if (line === null) return;
    line.refused = null;
    this.#frame(line, { type: "room.join", room });
    if (line.refused === "ROOM_NOT_FOUND") this.#create(line, room);
  }

  leave(who: string, room: string): void {
    const line = this.#line(who);
    if (line?.stays.has(room)) this.#frame(line, { type: "room.leave", room });
  }

  say(who: string, room: string): void {
    const line = this.#line(who);
    if (line === null || !line.stays.has(room)) return;
    const id = `${room}:${++this.#said}`;
    line.said.set(room, [...line.said.get(room) ?? [], id]);
    const content = { type: "text", text: id };
    const fields = { type: "message", id, room, from: who, content };
    this.#sayFirst(line, { id, fields, room });
  }

  /** To one agent, with postage: they may not know each other. */
  direct(who: string, to: string): void {
    const line = this.#line(who);
    if (line === null || who === to) return;
    const id = `direct:${++this.#said}`;
    const content = { type: "text", text: id };
    const message = { type: "direct", id, to, from: who, content };
    this.#sayFirst(line, {
      ...{ id, room: null },
      fields: { ...message, postage: "x" },
    });
  }

  /** Says that it has all that came to it alone; it may take in those who wrote. */
  acknowledge(who: string, { accepts }: { accepts: boolean }): void {
    const line = this.#line(who);
    if (line === null) return;
    const messages = this.#options.ledger.directs.signed(who);
    if (messages.length === 0) return;
    const authors = new Set(messages.map(({ from }) => from));
    const knows = accepts ? [...authors] : [];
    this.#frame(line, { type: "direct.ack", messages, knows });
  }

  /** Tells everybody of a room that something was shown. */
  mark(who: string, room: string, to: readonly string[]): void {
    const line = this.#line(who);
    if (line === null || !line.stays.has(room)) return;
    const marks = to.filter((one) => one !== who)
      .map((author) => ({ author, delivered: [], shown: ["x"] }));
    this.#frame(line, { type: "marks", room, from: who, marks });
  }

  sayAgain(who: string): void {
    const line = this.#line(who);
    const [one] = (this.#unanswered.get(who) ?? [])
      .filter(({ id }) => !this.#options.ledger.isAcknowledged(who, id));
    if (line === null || one === undefined) return;
    if (one.room === null || line.stays.has(one.room)) {
      this.#frame(line, one.fields);
    }
  }

  hang(who: string): void {
    const line = this.#lines.get(who);
    const relay = this.#relayOf(line);
    if (line?.isOpen && relay?.isUp) relay.hang(line);
  }

  #create(line: SimLine, room: string): void {
    line.challenge = null;
    const create = { type: "room.create", room, topic: "", tags: [] };
    this.#frame(line, create);
    if (line.challenge === null) return;
    const pow = { challenge: line.challenge, proof: "x" };
    this.#frame(line, { ...create, pow });
  }

  #sayFirst(line: SimLine, said: Said): void {
    const unanswered = this.#unanswered.get(line.agent) ?? [];
    this.#unanswered.set(line.agent, [...unanswered, said]);
    this.#frame(line, said.fields);
  }

  #relayOf(line: SimLine | undefined): SimRelay | undefined {
    return this.#options.relays.find(({ node }) => node === line?.relay);
  }

  /** The agent's line, if it is in and would be heard. */
  #line(who: string): SimLine | null {
    const line = this.#lines.get(who);
    const isHeard = line?.isOpen && line.isIn &&
      this.#relayOf(line)?.takesFrames;
    return isHeard ? line : null;
  }

  #frame(line: SimLine, fields: Readonly<Record<string, unknown>>): void {
    const nonce = `n${++this.#nonce}`;
    const stamp = { nonce, timestamp: this.#options.time(), signature: "" };
    const frame = { ...fields, ...stamp } as unknown as AgentFrame;
    const text = JSON.stringify(frame);
    const { conn } = line;
    this.#relayOf(line)?.step({ kind: "frame", conn, frame, text });
  }
}
