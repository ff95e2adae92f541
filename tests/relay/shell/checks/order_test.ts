import assert from "node:assert/strict";
import fc from "fast-check";
import { silentLogger } from "../../../../lib/log.ts";
import type { CoreEvent } from "../../../../relay/core/events.ts";
import type { RelayCore } from "../../../../relay/core/core.ts";
import { FairTurns } from "../../../../relay/shell/fair_turns.ts";
import { FrameIntake } from "../../../../relay/shell/frame_intake.ts";
import { CORE_SETTINGS } from "../../../fakes/core_bed.ts";
import { FakeChecker, PoolRig } from "../../../fakes/check_rig.ts";
import { FakeSocket, peerOn } from "../../../fakes/peer_rig.ts";

const PEERS = 3;
const WORKERS = 2;

/** What happens, in any order. */
const moves = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ push: fc.nat(PEERS - 1) }) },
    { weight: 3, arbitrary: fc.constant({ turn: true }) },
    { weight: 4, arbitrary: fc.record({ answer: fc.nat(WORKERS - 1) }) },
    { weight: 1, arbitrary: fc.record({ dies: fc.nat(WORKERS - 1) }) },
    { weight: 1, arbitrary: fc.constant({ stalls: true }) },
    { weight: 1, arbitrary: fc.constant({ rests: true }) },
  ),
  { maxLength: 120 },
);
type Move = Partial<
  & Record<"push" | "answer" | "dies", number>
  & Record<"turn" | "stalls" | "rests", boolean>
>;

/** Peers whose frames are checked here and by workers; each is refused, and names its number. */
class Bed {
  readonly rig = new PoolRig();
  readonly heard: string[][] = [];
  readonly pushed: number[] = [];
  /** Frames that were looked at elsewhere. */
  elsewhere = 0;
  readonly #deferred: (() => void)[] = [];
  readonly #turns = new FairTurns({
    now: () => this.rig.now,
    defer: (action) => this.#deferred.push(action),
  });
  readonly #workers: FakeChecker[] = [];
  readonly #peers = Array.from({ length: PEERS }, (_, i) => {
    this.heard.push([]);
    this.pushed.push(0);
    return peerOn(new FakeSocket(), {
      ...{ id: i, agent: `A${i}` },
      intake: {
        mayGoOn: () => true,
        sendAhead: (peer, frames) => this.#intake.sendAhead(peer, frames),
        handle: (peer, frame) => this.#intake.handle(peer, frame),
      },
    });
  });
  readonly #intake: FrameIntake;

  constructor() {
    const { rig } = this;
    this.#intake = new FrameIntake({
      core: { agent: (id: number) => `A${id}` } as RelayCore,
      limits: { ...CORE_SETTINGS.limits, refusedPerAgent: Infinity },
      log: silentLogger,
      isStoreFull: () => false,
      checks: rig.pool,
      turns: {
        get busyMs() {
          return rig.now;
        },
        charge: (payer, ms) => this.#turns.charge(payer, ms),
        add: (source) => this.#turns.add(source),
      },
      now: () => rig.now,
      step: (event) => this.#step(event),
      end: () => {},
    });
    rig.rush();
    for (let i = 0; i < WORKERS; i++) this.#connect(i);
  }

  move(move: Move): void {
    if (move.push !== undefined) this.#push(move.push);
    if (move.turn) this.#turn();
    if (move.answer !== undefined) this.#workers[move.answer]?.answer();
    if (move.dies !== undefined) this.#connect(move.dies);
    if (move.stalls) this.#pass(1_000);
    if (move.rests) this.#pass(31_000);
    if (move.rests) { for (let i = 0; i < WORKERS; i++) this.#connect(i); }
  }

  /** Until nothing is left to do. */
  end(): void {
    for (let i = 0; i < 200; i++) {
      for (const worker of this.#workers) worker.answer();
      this.#turn();
    }
    this.elsewhere = this.rig.pool.figures().checks_elsewhere ?? 0;
  }

  #push(peer: number): void {
    const one = this.#peers[peer];
    if (one === undefined) return;
    one.push(`{"id":"${this.pushed[peer]}"}`);
    this.pushed[peer] = (this.pushed[peer] ?? 0) + 1;
    this.#turns.add(one);
  }

  #turn(): void {
    this.rig.now += 10;
    this.#deferred.shift()?.();
  }

  #pass(ms: number): void {
    this.rig.now += ms;
    this.rig.pool.tick(this.rig.now);
  }

  #connect(worker: number): void {
    this.#workers[worker] = new FakeChecker();
    this.rig.pool.connect(worker, this.#workers[worker]);
  }

  #step(event: CoreEvent): void {
    if (event.kind !== "refused") return assert.fail(event.kind);
    this.heard[event.conn]?.push(event.fault.ref ?? "");
  }
}

Deno.test("FrameIntake: whatever workers do, each frame of a connection is handled once, and in order", () => {
  let elsewhere = 0;
  fc.assert(fc.property(moves, (moves) => {
    const bed = new Bed();
    for (const move of moves as Move[]) bed.move(move);
    bed.end();
    elsewhere += bed.elsewhere;
    const inOrder = bed.pushed.map((count) =>
      Array.from({ length: count }, (_, i) => `${i}`)
    );
    assert.deepEqual(bed.heard, inOrder);
  }));
  assert.ok(elsewhere > 100, `only ${elsewhere} frames were checked elsewhere`);
});

Deno.test("FrameIntake: a frame that another thread looks at waits for its answer, and those behind it", () => {
  const bed = new Bed();
  bed.move({ push: 0 });
  bed.move({ turn: true });
  bed.move({ push: 0 });
  for (let i = 0; i < 5; i++) bed.move({ turn: true });
  assert.deepEqual(bed.heard[0], []);
  bed.end();
  assert.deepEqual(bed.heard[0], ["0", "1"]);
});

Deno.test("FrameIntake: what no other thread answered is looked at here, even if another one is free", () => {
  const bed = new Bed();
  bed.move({ push: 0 });
  bed.move({ turn: true });
  bed.move({ stalls: true });
  bed.move({ turn: true });
  assert.deepEqual(bed.heard[0], ["0"]);
});
