import assert from "node:assert/strict";
import type { AgentFrame } from "../../lib/protocol/frames.ts";
import { agent } from "./agents.ts";
import { SimLedger, SimLine } from "./sim_ledger.ts";
import { SimLog } from "./sim_log.ts";
import { SimRelay } from "./sim_relay.ts";

/** Rules that the simulation must be seen to need. */
export interface Broken {
  /** What a relay says counts for it before the log has it. */
  readonly isEager?: boolean;
}

const ROOMS = ["tea", "jam"];
const AGENTS = 5;
const START = 1_800_000_000_000;
/** What may happen, as often as it stands here. */
const MOVES = [
  ...["login", "join", "join", "leave", "again", "hang"],
  ...["say", "say", "say", "say", "say", "say", "say", "say"],
  ...["flow", "flow", "flow", "flow", "flow", "flow"],
  ...["land", "lose", "hand", "write"],
  ...["pass", "pass", "crash", "pause", "clock"],
] as const;

/** Three relays, one log, five agents and a network that loses, delays and doubles: in one thread, time turned by hand. */
export class SimWorld {
  readonly ledger = new SimLedger();
  readonly relays: readonly SimRelay[];
  readonly #log = new SimLog();
  readonly #lines = new Map<string, SimLine>();
  /** What each agent said and heard no answer to. */
  readonly #unanswered = new Map<string, { id: string; room: string }[]>();
  readonly #skew = new Map<string, number>();
  #mono = 0;
  #said = 0;
  #nonce = 0;

  constructor({ isEager = false }: Broken = {}) {
    this.relays = ["a", "b", "c"].map((node) =>
      new SimRelay({
        node,
        ledger: this.ledger,
        now: () => ({
          wall: this.#time + (this.#skew.get(node) ?? 0),
          mono: this.#mono,
        }),
        publish: (batch) => this.#log.publish(batch),
        end: () => this.#log.end,
        isEager,
      })
    );
    for (const relay of this.relays) relay.start();
  }

  /** All relays have caught up, everybody is in, and in a room. */
  begin(): void {
    for (let i = 0; i < 3; i++) this.#settle();
    for (let i = 0; i < AGENTS; i++) {
      this.#login(agent(i).id, this.relays[i % 3] as SimRelay);
    }
    this.#settle();
    for (let i = 0; i < AGENTS; i++) this.#join(agent(i).id, "tea");
    this.#settle();
  }

  /** One thing that happens; all numbers are good for something. */
  act(kind: number, one: number, two: number): void {
    const relay = this.relays[one % this.relays.length] as SimRelay;
    const who = agent(one % AGENTS).id;
    const room = ROOMS[two % ROOMS.length] as string;
    switch (MOVES[kind % MOVES.length]) {
      case "login":
        return this.#login(who, this.relays[two % 3] as SimRelay);
      case "join":
        return this.#join(who, room);
      case "leave":
        return this.#leave(who, room);
      case "say":
        return this.#live(who, room, this.relays[two % 3] as SimRelay);
      case "again":
        return this.#sayAgain(who);
      case "hang":
        return this.#hang(who);
      case "flow":
        return this.#flow();
      case "land":
        return this.#log.land(two, this.#time, { isKept: two % 2 === 0 });
      case "lose":
        return this.#log.lose(two);
      case "hand":
        return this.#hand(relay, 1 + two % 4);
      case "write":
        if (relay.isUp) relay.write({ fails: two % 2 === 0 });
        return;
      case "pass":
        return this.#pass(two % 5 === 0 ? 4_500 : 100 + two);
      case "crash":
        if (relay.core !== null && two % 2 === 0) relay.crash();
        else if (relay.core === null) this.#restart(relay);
        return;
      case "pause":
        relay.isPaused = relay.core !== null && !relay.isPaused;
        return;
      case "clock":
        if (two % 2 === 0) this.#skew.set(relay.node, (two % 7 - 3) * 400);
        else this.#log.aheadMs = (two % 11) * 300 - 1_500;
    }
  }

  /** All is well again but for the dead: everything arrives, and time passes. */
  heal(dead: SimRelay | null): void {
    this.#skew.clear();
    for (const relay of this.relays) {
      relay.isPaused = false;
      if (relay === dead) relay.crash();
      else if (relay.core === null) this.#restart(relay);
    }
    for (let i = 0; i < 24; i++) this.#settle();
  }

  /** Whether what must hold after all was well does. */
  check(dead: SimRelay | null): void {
    const alive = this.relays.filter((relay) => relay !== dead);
    const [first] = alive;
    for (const { node, view, core, isUnfit } of alive) {
      assert.equal(isUnfit, null, node);
      assert.equal(core?.trouble, null, node);
      assert.equal(view.text(), first?.view.text(), `the view of ${node}`);
      assert.deepEqual(seatsOf(core), seatsOf(first?.core), `seats at ${node}`);
    }
    const open = alive.flatMap(({ lines }) => [...lines.values()])
      .filter(({ isIn }) => isIn).map((line) => line.agent).sort();
    const logged = Object.keys(seatsOf(first?.core)).sort();
    assert.deepEqual(open, logged, "who is logged in");
    this.ledger.check(alive.map(({ view }) => view), new Set());
    for (const one of alive) this.#checkServes(one);
  }

  /** An agent comes, speaks and is answered. */
  #checkServes(relay: SimRelay): void {
    const who = agent(AGENTS).id;
    this.#login(who, relay);
    this.#settle();
    this.#join(who, "tea");
    this.#settle();
    const before = this.ledger.acks.size;
    this.#say(who, "tea");
    this.#settle();
    assert.equal(this.ledger.acks.size, before + 1, `${relay.node} serves`);
  }

  #settle(): void {
    for (let round = 0; round < 4; round++) this.#flow();
    this.#pass(700);
  }

  /** What is on its way arrives. */
  #flow(): void {
    this.#log.landAll(this.#time);
    for (const relay of this.relays) {
      this.#hand(relay, Infinity);
      while (relay.isUp && relay.write({ fails: false }));
    }
  }

  get #time(): number {
    return START + this.#mono;
  }

  #pass(ms: number): void {
    this.#mono += ms;
    for (const relay of this.relays) {
      if (relay.isUp) relay.step({ kind: "tick" });
    }
  }

  #restart(relay: SimRelay): void {
    relay.handed = 0;
    relay.start();
  }

  #hand(relay: SimRelay, count: number): void {
    if (!relay.isUp) return;
    const entries = this.#log.after(relay.handed, count);
    if (entries.length > 0) relay.hand(entries);
  }

  /** As a daemon does: it connects where it is not, joins where it is not in, else speaks. */
  #live(who: string, room: string, relay: SimRelay): void {
    const line = this.#lines.get(who);
    if (!line?.isOpen) this.#login(who, relay);
    else if (!line.stays.has(room)) this.#join(who, room);
    else this.#say(who, room);
  }

  #login(who: string, relay: SimRelay): void {
    if (!relay.takesFrames) return;
    const line = relay.open((conn) => {
      const made = new SimLine(who, relay.node, conn);
      this.ledger.opened(made);
      return made;
    });
    this.#lines.set(who, line);
    const profile = { id: who, name: who.slice(0, 4), version: "1" };
    const features = ["ack", "closed", "left"];
    this.#frame(line, { type: "hello", profile, features });
    if (line.challenge === null) return;
    const pow = { challenge: line.challenge, proof: "x" };
    this.#frame(line, { type: "hello.pow", pow });
  }

  #join(who: string, room: string): void {
    const line = this.#line(who);
    if (line === null) return;
    line.refused = null;
    this.#frame(line, { type: "room.join", room });
    if (line.refused === "ROOM_NOT_FOUND") this.#create(line, room);
  }

  #create(line: SimLine, room: string): void {
    line.challenge = null;
    const create = { type: "room.create", room, topic: "", tags: [] };
    this.#frame(line, create);
    if (line.challenge === null) return;
    const pow = { challenge: line.challenge, proof: "x" };
    this.#frame(line, { ...create, pow });
  }

  #leave(who: string, room: string): void {
    const line = this.#line(who);
    if (line?.stays.has(room)) this.#frame(line, { type: "room.leave", room });
  }

  #say(who: string, room: string): void {
    const line = this.#line(who);
    if (line === null || !line.stays.has(room)) return;
    const id = `${room}:${++this.#said}`;
    line.said.set(room, [...line.said.get(room) ?? [], id]);
    const unanswered = this.#unanswered.get(who) ?? [];
    this.#unanswered.set(who, [...unanswered, { id, room }]);
    this.#message(line, id, room);
  }

  #sayAgain(who: string): void {
    const line = this.#line(who);
    const [one] = (this.#unanswered.get(who) ?? [])
      .filter(({ id }) => !this.ledger.acks.has(`${who} ${id}`));
    if (line === null || one === undefined) return;
    if (line.stays.has(one.room)) this.#message(line, one.id, one.room);
  }

  #message(line: SimLine, id: string, room: string): void {
    const content = { type: "text", text: id };
    this.#frame(line, { type: "message", id, room, from: line.agent, content });
  }

  #hang(who: string): void {
    const line = this.#lines.get(who);
    const relay = this.relays.find(({ node }) => node === line?.relay);
    if (line?.isOpen && relay?.isUp) relay.hang(line);
  }

  /** The agent's line, if it is in and would be heard. */
  #line(who: string): SimLine | null {
    const line = this.#lines.get(who);
    const relay = this.relays.find(({ node }) => node === line?.relay);
    return line?.isOpen && line.isIn && relay?.takesFrames ? line : null;
  }

  #frame(line: SimLine, fields: Readonly<Record<string, unknown>>): void {
    const relay = this.relays.find(({ node }) => node === line.relay);
    const stamp = {
      nonce: `n${++this.#nonce}`,
      timestamp: this.#time,
      signature: "",
    };
    const frame = { ...fields, ...stamp } as unknown as AgentFrame;
    const text = JSON.stringify(frame);
    relay?.step({ kind: "frame", conn: line.conn, frame, text });
  }
}

/** Who is logged in and in which rooms. */
function seatsOf(core: SimRelay["core"] | undefined): Record<string, string> {
  const rows = core?.view({ wall: 0, mono: 0 }).agents ?? [];
  return Object.fromEntries(
    rows.map(({ id, rooms }) => [id, [...rooms].sort().join(" ")]),
  );
}
