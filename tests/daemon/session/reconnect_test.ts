import assert from "node:assert/strict";
import { Reconnect } from "../../../daemon/session/reconnect.ts";
import type { RelayConnection } from "../../../daemon/session/session_options.ts";
import { Failure } from "../../../lib/errors.ts";
import { type LogFields, silentLogger } from "../../../lib/log.ts";
import { connect } from "../../../lib/client/connection.ts";
import { clientRig } from "../../fakes/client_rig.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { MemoryRelay } from "../../fakes/memory_relay.ts";

const DAEMONS = 100;

/** The same numbers in [0, 1) in every run: mulberry32. */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Many daemons of one relay, on one clock. */
class Fleet {
  readonly clock = new FakeClock();
  readonly #members: {
    readonly relay: MemoryRelay;
    readonly keep: Reconnect;
  }[] = [];
  /** When each try was made and each connection came about, by the monotonic clock. */
  tries: number[] = [];
  connections: number[] = [];

  constructor() {
    const random = numbers(7);
    for (let i = 0; i < DAEMONS; i++) this.#members.push(this.#member(random));
    for (const { keep } of this.#members) keep.start();
  }

  /** The relay falls: every line breaks at once, and nobody gets in. */
  fall(): void {
    for (const { relay } of this.#members) relay.down = true;
    for (const { relay } of this.#members) relay.cut();
  }

  rise(): void {
    this.tries = [];
    this.connections = [];
    for (const { relay } of this.#members) relay.down = false;
  }

  get alive(): number {
    return this.#members.filter(({ keep }) => keep.isAlive).length;
  }

  [Symbol.dispose](): void {
    for (const { keep } of this.#members) keep.stop();
  }

  #member(random: () => number) {
    const { clock } = this;
    const relay = new MemoryRelay(clock);
    const keep = new Reconnect({
      clock,
      random,
      log: silentLogger,
      dial: (events) => {
        this.tries.push(clock.monotonic());
        return relay.down
          ? Promise.reject(new Failure("NOT_CONNECTED"))
          : relay.connect({ events } as Parameters<typeof relay.connect>[0]);
      },
      connected: (_connection: RelayConnection) =>
        this.connections.push(clock.monotonic()),
      disconnected: () => {},
      push: () => {},
      dropped: () => {},
    });
    return { relay, keep };
  }
}

/** The most events within any stretch of so many milliseconds. */
function busiest(times: readonly number[], ms: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  let most = 0;
  for (let first = 0, last = 0; last < sorted.length; last++) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

Deno.test("Reconnect: a hundred daemons of a relay that was down for minutes come back spread over half a minute, all of them", async () => {
  using fleet = new Fleet();
  await fleet.clock.advance(61_000);
  fleet.fall();
  await fleet.clock.advance(300_000);
  const upAt = fleet.clock.monotonic();
  fleet.rise();
  await fleet.clock.advance(30_000);
  assert.equal(fleet.alive, DAEMONS);
  assert.equal(fleet.connections.length, DAEMONS);
  const seconds = fleet.connections.map((at) => Math.floor((at - upAt) / 1000));
  assert.ok(new Set(seconds).size >= 20, `${seconds}`);
  // Even, it would be under seven a second; what waited is nearer its end at any moment than at its start.
  assert.ok(busiest(fleet.connections, 1_000) <= 20, `${seconds}`);
});

Deno.test("Reconnect: a hundred daemons cut at once by a relay that is back at once don't come as one", async () => {
  using fleet = new Fleet();
  await fleet.clock.advance(61_000);
  fleet.fall();
  fleet.rise();
  await fleet.clock.advance(500);
  assert.equal(fleet.alive, DAEMONS);
  assert.ok(busiest(fleet.connections, 50) <= 25, `${fleet.connections}`);
});

Deno.test("Reconnect: a hundred daemons ask a relay that stays down ever less often", async () => {
  using fleet = new Fleet();
  await fleet.clock.advance(61_000);
  fleet.fall();
  await fleet.clock.advance(120_000);
  fleet.tries = [];
  await fleet.clock.advance(60_000);
  // One try in 15 s each, on average.
  assert.ok(
    fleet.tries.length <= DAEMONS * 60 / 15 * 1.5,
    `${fleet.tries.length}`,
  );
});

/** A daemon of a relay that can freeze: it takes every frame and answers none until it goes on. */
function freezable() {
  const { relay, clock, options } = clientRig("ack");
  const random = numbers(3);
  const unanswered: (() => void)[] = [];
  const keep = new Reconnect({
    clock,
    random,
    log: silentLogger,
    dial: (events, signal) => connect({ ...options, events, signal }),
    connected: () => {},
    disconnected: () => {},
    push: () => {},
    dropped: () => {},
  });
  const types = ["hello", "hello.pow", "ping"] as const;
  return {
    clock,
    keep,
    freeze() {
      for (const type of types) {
        relay.overrides.set(type, (_frame, line) => {
          const text = JSON.stringify(relay.frames.at(-1)?.raw);
          unanswered.push(() => line.closed || line.onSend(text));
        });
      }
    },
    goOn() {
      for (const type of types) relay.overrides.delete(type);
      for (const answer of unanswered.splice(0)) answer();
    },
  };
}

/** Milliseconds of turned time, in steps of 100, until it is so. */
async function turnedUntil(clock: FakeClock, isSo: () => boolean) {
  for (let ms = 0;; ms += 100) {
    if (isSo()) return ms;
    assert.ok(ms < 300_000, "never");
    await clock.advance(100);
  }
}

Deno.test("Reconnect: a relay that freezes is found within 45 s, and connected to within 35 s of its return, whenever that is", async () => {
  for (let frozenMs = 0; frozenMs < 120_000; frozenMs += 7_300) {
    const { clock, keep, freeze, goOn } = freezable();
    keep.start();
    await turnedUntil(clock, () => keep.isAlive);
    await clock.advance(61_000);
    freeze();
    const foundMs = await turnedUntil(clock, () => !keep.isAlive);
    assert.ok(foundMs <= 45_000, `found after ${foundMs}`);
    assert.notEqual(keep.state.phase, "connected");
    await clock.advance(frozenMs);
    goOn();
    const backMs = await turnedUntil(clock, () => keep.isAlive);
    assert.ok(backMs <= 35_000, `back after ${backMs}`);
    keep.stop();
  }
});

Deno.test("Reconnect.isAlive: until 45 s after the last pong, and no longer", async () => {
  const clock = new FakeClock();
  const lastPongAt = clock.monotonic();
  const keep = new Reconnect({
    ...{ clock, random: () => 0, log: silentLogger },
    dial: () =>
      Promise.resolve({ relay: "r", lastPongAt, close: () => {} } as Partial<
        RelayConnection
      > as RelayConnection),
    connected: () => {},
    disconnected: () => {},
    push: () => {},
    dropped: () => {},
  });
  assert.equal(keep.isAlive, false, "not before there is a connection");
  keep.start();
  await clock.advance(45_000);
  assert.equal(keep.isAlive, true);
  await clock.advance(1);
  assert.equal(keep.isAlive, false);
  keep.stop();
});

Deno.test("Reconnect: no connection for two minutes is a warning, one an hour, each with the reason", async () => {
  const clock = new FakeClock();
  const lines: string[] = [];
  let isUp = false;
  const relay = new MemoryRelay(clock);
  const log = {
    ...silentLogger,
    info: (event: string, fields?: LogFields) =>
      lines.push(`info ${event} ${fields?.phase}`),
    warn: (event: string, fields?: LogFields) =>
      lines.push(`warn ${event}: ${fields?.reason} (${fields?.minutes})`),
  };
  const reason = "403: blocked";
  const keep = new Reconnect({
    dial: (events) =>
      isUp
        ? relay.connect({ events } as Parameters<typeof relay.connect>[0])
        : Promise.reject(new Failure("NOT_CONNECTED", { fields: { reason } })),
    clock,
    random: () => 0.5,
    log,
    connected() {},
    disconnected() {},
    push() {},
    dropped() {},
  });
  const warnings = () => lines.filter((line) => line.startsWith("warn"));
  keep.start();
  await clock.advance(119_000);
  assert.deepEqual(warnings(), []);
  await clock.advance(31_000);
  assert.deepEqual(warnings(), [
    "warn no lasting connection: 403: blocked (2)",
  ]);
  await clock.advance(3_000_000);
  assert.equal(warnings().length, 1);
  await clock.advance(1_000_000);
  assert.equal(warnings().length, 2);
  isUp = true;
  await clock.advance(100_000);
  assert.equal(keep.state.phase, "connected");
  isUp = false;
  relay.cut();
  await clock.advance(60_000);
  assert.equal(warnings().length, 2);
  await clock.advance(120_000);
  assert.equal(warnings().length, 3);
  keep.stop();
});
