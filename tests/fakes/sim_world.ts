import assert from "node:assert/strict";
import { agent } from "./agents.ts";
import { SimAgents } from "./sim_agents.ts";
import { SimLedger } from "./sim_ledger.ts";
import type { SimLine } from "./sim_line.ts";
import { SimLog } from "./sim_log.ts";
import { SimRelay } from "./sim_relay.ts";

/** Rules that the simulation must be seen to need. */
export interface Broken {
  /** What a relay says counts for it before the log has it. */
  readonly isEager?: boolean;
  /** Relays that are started again may be of a newer program. */
  readonly isUpgrading?: boolean;
  /** Relays say of newer rules that they know them and go by the earlier ones. */
  readonly isGuessing?: boolean;
}

const ROOMS = ["tea", "jam"];
const AGENTS = 5;
const EVERYBODY = Array.from({ length: AGENTS }, (_, i) => agent(i).id);
const START = 1_800_000_000_000;
/** What may happen, as often as it stands here. */
const MOVES = [
  ...["login", "join", "join", "leave", "again", "hang"],
  ...["say", "say", "say", "say", "say", "say", "say", "say"],
  ...["direct", "direct", "direct", "acknowledge", "mark"],
  ...["flow", "flow", "flow", "flow", "flow", "flow"],
  ...["land", "lose", "hand", "write"],
  ...["pass", "pass", "crash", "pause", "clock"],
] as const;

/** Three relays, one log, five agents and a network that loses, delays and doubles: in one thread, time turned by hand. */
export class SimWorld {
  readonly ledger = new SimLedger();
  readonly relays: readonly SimRelay[];
  readonly #log = new SimLog();
  readonly #agents: SimAgents;
  readonly #skew = new Map<string, number>();
  readonly #isUpgrading: boolean;
  #mono = 0;

  constructor(
    { isEager = false, isUpgrading = false, isGuessing = false }: Broken = {},
  ) {
    this.#isUpgrading = isUpgrading;
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
        ...{ isEager, isGuessing },
      })
    );
    this.#agents = new SimAgents({
      ...{ ledger: this.ledger, relays: this.relays },
      time: () => this.#time,
    });
    for (const relay of this.relays) relay.start();
  }

  /** All relays have caught up, everybody is in, and in a room. */
  begin(): void {
    for (let i = 0; i < 3; i++) this.#settle();
    for (let i = 0; i < AGENTS; i++) {
      this.#agents.login(agent(i).id, this.relays[i % 3] as SimRelay);
    }
    this.#settle();
    for (let i = 0; i < AGENTS; i++) this.#agents.join(agent(i).id, "tea");
    this.#settle();
  }

  /** One thing that happens; all numbers are good for something. */
  act(kind: number, one: number, two: number): void {
    const relay = this.relays[one % this.relays.length] as SimRelay;
    const who = agent(one % AGENTS).id;
    const room = ROOMS[two % ROOMS.length] as string;
    switch (MOVES[kind % MOVES.length]) {
      case "login":
        return this.#agents.login(who, this.relays[two % 3] as SimRelay);
      case "join":
        return this.#agents.join(who, room);
      case "leave":
        return this.#agents.leave(who, room);
      case "say":
        return this.#agents.live(who, room, this.relays[two % 3] as SimRelay);
      case "direct":
        return this.#agents.direct(who, agent(two % AGENTS).id);
      case "acknowledge":
        return this.#agents.acknowledge(who, { accepts: two % 2 === 0 });
      case "mark":
        return this.#agents.mark(who, room, EVERYBODY);
      case "again":
        return this.#agents.sayAgain(who);
      case "hang":
        return this.#agents.hang(who);
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
        else if (relay.core === null) this.#restart(relay, two % 3 === 0);
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
      else if (relay.core === null) this.#restart(relay, false);
    }
    for (let i = 0; i < 24; i++) this.#settle();
    if (this.#isUpgrading) this.#upgradeAll(dead);
  }

  /** One after the other, those that are of the earlier program still. */
  #upgradeAll(dead: SimRelay | null): void {
    for (const relay of this.relays) {
      if (relay === dead || relay.knows === 2) continue;
      relay.crash();
      this.#settle();
      this.#restart(relay, true);
      for (let i = 0; i < 8; i++) this.#settle();
    }
    for (let i = 0; i < 24; i++) this.#settle();
  }

  /** Whether what must hold after all was well does. */
  check(dead: SimRelay | null): void {
    const alive = this.relays.filter((relay) => relay !== dead);
    const [first] = alive;
    for (const { node, view, core, isUnfit, condemned } of alive) {
      assert.equal(isUnfit, null, node);
      assert.deepEqual(condemned, [], `${node} went out of service`);
      assert.equal(core?.trouble, null, node);
      assert.equal(view.text(), first?.view.text(), `the view of ${node}`);
      assert.deepEqual(seatsOf(core), seatsOf(first?.core), `seats at ${node}`);
    }
    if (this.#isUpgrading && dead === null) {
      assert.equal(first?.core?.cluster()?.rules, 2, "the newer rules hold");
    }
    const open = alive.flatMap(({ lines }) => [...lines.values()])
      .filter(({ isIn }) => isIn).map((line) => line.agent).sort();
    const logged = Object.keys(seatsOf(first?.core)).sort();
    assert.deepEqual(open, logged, "who is logged in");
    const views = alive.map(({ view }) => view);
    this.ledger.check(views, new Set());
    this.ledger.directs.check(views);
    for (const one of alive) this.#checkServes(one);
    this.#checkDirects(alive);
    this.#checkMarks(alive);
  }

  /** Everybody comes and has what waits, says so, and comes once more, elsewhere. */
  #checkDirects(alive: readonly SimRelay[]): void {
    const { directs } = this.ledger;
    this.#allLogin(alive, 0);
    directs.checkDelivered();
    for (const who of EVERYBODY) {
      this.#agents.acknowledge(who, { accepts: false });
    }
    this.#settle();
    const lines = this.#allLogin(alive, 1);
    directs.checkGone(alive.map(({ view }) => view), lines);
  }

  /** What one tells the others of a room reaches each of them, once. */
  #checkMarks(alive: readonly SimRelay[]): void {
    const lines = this.#allLogin(alive, 0);
    for (const who of EVERYBODY) this.#agents.join(who, "tea");
    this.#settle();
    const [first = "", ...others] = EVERYBODY;
    this.#agents.mark(first, "tea", EVERYBODY);
    this.#settle();
    const told = lines.filter(({ marks }) => marks.size === 1)
      .map((line) => line.agent);
    assert.deepEqual(told, others, "who was told of what was shown");
  }

  /** Logs everybody in, spread over the relays. @returns their connections */
  #allLogin(alive: readonly SimRelay[], shift: number): SimLine[] {
    for (const [i, who] of EVERYBODY.entries()) {
      const relay = alive[(i + shift) % alive.length];
      if (relay !== undefined) this.#agents.login(who, relay);
    }
    this.#settle();
    const open = alive.flatMap(({ lines }) => [...lines.values()]);
    return EVERYBODY.flatMap((who) => open.filter((one) => one.agent === who));
  }

  /** An agent comes, speaks and is answered. */
  #checkServes(relay: SimRelay): void {
    const who = agent(AGENTS).id;
    this.#agents.login(who, relay);
    this.#settle();
    this.#agents.join(who, "tea");
    this.#settle();
    const before = this.ledger.acks.size;
    this.#agents.say(who, "tea");
    this.#settle();
    assert.equal(this.ledger.acks.size, before + 1, `${relay.node} serves`);
  }

  close(): void {
    for (const { view } of this.relays) view.close();
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

  #restart(relay: SimRelay, isUpgraded: boolean): void {
    if (isUpgraded && this.#isUpgrading) relay.knows = 2;
    relay.handed = 0;
    relay.start();
  }

  #hand(relay: SimRelay, count: number): void {
    if (!relay.isUp) return;
    const entries = this.#log.after(relay.handed, count);
    if (entries.length > 0) relay.hand(entries);
  }
}

/** Who is logged in and in which rooms. */
function seatsOf(core: SimRelay["core"] | undefined): Record<string, string> {
  const rows = core?.view({ wall: 0, mono: 0 }).agents ?? [];
  return Object.fromEntries(
    rows.map(({ id, rooms }) => [id, [...rooms].sort().join(" ")]),
  );
}
