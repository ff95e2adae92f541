import assert from "node:assert/strict";
import fc from "fast-check";
import { nextRoom } from "../../../../daemon/session/core/next_room.ts";
import {
  endingOf,
  isForGood,
  type RoomState,
} from "../../../../daemon/session/core/room_state.ts";
import type { RoomEvent } from "../../../../daemon/session/core/session_events.ts";
import { movesOf } from "../../../fakes/room_moves.ts";
import { RoomLedger } from "../../../oracle/room_ledger.ts";
import {
  type Budget,
  firstWorld,
  silentlyMissing,
  type World,
} from "../../../fakes/room_world.ts";

const SMALL: Budget = {
  ...{ says: 2, cuts: 1, closes: 1, troubles: 1, overruns: 1, leaves: 1 },
};
const FIRSTS = ["joined", "remembered", "ended"] as const;

const keyOf = (world: World) => JSON.stringify({ ...world, lastLife: [] });

/** Every world that can be come to, with how. */
function explore(first: World): Map<string, { world: World; path: string }> {
  const seen = new Map([[keyOf(first), { world: first, path: "" }]]);
  for (const { world, path } of seen.values()) {
    for (const { name, to } of movesOf(world)) {
      const way = `${path} / ${name}`;
      const next = step(to, way);
      const key = keyOf(next);
      if (!seen.has(key)) seen.set(key, { world: next, path: way });
    }
  }
  return seen;
}

/** A broken rule is told with how it came about. */
function step(to: () => World, path: string): World {
  try {
    return to();
  } catch (error) {
    throw new Error(`after${path}`, { cause: error });
  }
}

/** Where a world comes to when everything goes well from now on. */
function calm(
  world: World,
  path: string,
  seen: (from: World, to: World) => void = () => {},
): World {
  let now = world;
  for (let steps = 0; steps < 60; steps++) {
    const next = movesOf(now).find(({ friendly }) => friendly);
    if (next === undefined) return now;
    const after = step(next.to, `${path} // ${next.name}`);
    seen(now, after);
    now = after;
  }
  throw new Error(`it never comes to rest:${path}`);
}

/** Whether a room may rest so: live, left, or ended and looked for no more. */
function mayRest({ state }: World): boolean {
  const ending = endingOf(state);
  return state.at === "live" || state.at === "left" ||
    (state.at === "ended" && ending !== undefined && isForGood(ending));
}

function assertAtRest(world: World, path: string): void {
  const way = `in ${JSON.stringify(world.state)}, after${path}`;
  assert.ok(mayRest(world), `it stands still for ever ${way}`);
  assert.deepEqual(world.held, [], `messages wait for ever ${way}`);
  assert.equal(world.overflow, false, way);
  if (world.state.at !== "live") return;
  assert.deepEqual(silentlyMissing(world), [], `lost in silence ${way}`);
}

for (const own of [true, false]) {
  for (const first of FIRSTS) {
    const name = `${own ? "an own" : "another's"} room, ${first}`;
    Deno.test(`nextRoom: from every state of ${name}: nothing lost, doubled or out of order, each wanted room comes to live`, () => {
      const worlds = explore(firstWorld(own, first, SMALL));
      for (const { world, path } of worlds.values()) {
        assertAtRest(calm(world, path), path);
      }
      assert.ok(worlds.size > 1_000, `${worlds.size}`);
    });
  }
}

Deno.test("nextRoom: the exploration comes to every state", () => {
  const states = new Set<string>();
  for (const first of FIRSTS) {
    for (const { world } of explore(firstWorld(false, first, SMALL)).values()) {
      states.add(world.state.at);
    }
  }
  assert.deepEqual([...states].sort(), [
    ...["away", "closing", "ended", "entering", "fetching", "leaving"],
    ...["left", "live", "paused", "queued", "refused", "releasing"],
  ]);
});

const LARGE: Budget = {
  ...{ says: 12, cuts: 4, closes: 2, troubles: 5, overruns: 3, leaves: 2 },
};

/** What a move did, as the ledger sees it. */
function note(ledger: RoomLedger, before: World, after: World): void {
  // A life of the room ends with all of it told; the next one counts anew, and one that we never came into is no loss.
  if (after.lastLife !== before.lastLife) {
    ledger.told(after.lastLife);
    return ledger.close();
  }
  if (before.said > 0 && after.said === 0) return ledger.forget();
  if (after.said > before.said) ledger.said(after.said);
  for (const n of after.skipped) ledger.unheard(n);
  for (const n of before.skipped) {
    if (!after.skipped.includes(n)) ledger.heardOf(n);
  }
  if (after.from !== undefined) ledger.startsAfter(after.from);
  ledger.told(after.had);
}

Deno.test("nextRoom: 10,000 random walks, then calm: all that was said is told once, in order, or is a gap", () => {
  const walk = fc.record({
    own: fc.boolean(),
    first: fc.constantFrom(...FIRSTS),
    choices: fc.array(fc.nat(1_000), { minLength: 5, maxLength: 60 }),
  });
  fc.assert(
    fc.property(walk, ({ own, first, choices }) => {
      const ledger = new RoomLedger();
      let world = firstWorld(own, first, LARGE);
      let path = "";
      for (const choice of choices) {
        const moves = movesOf(world);
        const move = moves[choice % moves.length];
        if (move === undefined) break;
        path += ` / ${move.name}`;
        const next = step(move.to, path);
        note(ledger, world, next);
        world = next;
      }
      const rest = calm(world, path, (from, to) => note(ledger, from, to));
      assertAtRest(rest, path);
      if (rest.state.at === "live") ledger.close();
    }),
    { numRuns: 10_000 },
  );
});

/** Where a room comes to, and what is to be done at last. */
function after(state: RoomState, ...events: RoomEvent[]) {
  let effects: readonly string[] = [];
  for (const event of events) {
    const step = nextRoom(state, event);
    state = step.state;
    effects = step.effects.map((effect) => effect.do);
  }
  return { state, effects };
}

Deno.test("nextRoom, leaving: what comes behind a message that could not be written waits behind it", () => {
  const message = { type: "message", misses: false } as const;
  const { effects } = after(
    { at: "live" },
    { type: "leave_asked" },
    message,
    { type: "unwritten" },
    message,
  );
  assert.deepEqual(effects, ["hold"]);
});

Deno.test("nextRoom: a room in which others speak faster than it is fetched is taken as it comes after ten rounds", () => {
  let state = after({ at: "live" }, { type: "overrun" }).state;
  for (let round = 1; round <= 10; round++) {
    const released = nextRoom(state, { type: "fetched" });
    const [effect] = released.effects;
    assert.ok(effect?.do === "release");
    assert.equal(effect.holesAreGaps, round === 10, `round ${round}`);
    state = nextRoom(released.state, { type: "hole" }).state;
  }
});

for (const at of ["fetching", "paused", "releasing", "live"] as const) {
  Deno.test(`nextRoom, ${at}: a room that ended without a word and is made anew is entered, saved and fetched`, () => {
    const state: RoomState = at === "live"
      ? { at }
      : { at, fresh: false, round: 2 };
    const { state: now, effects } = after(state, {
      type: "entered",
      fresh: true,
    });
    assert.deepEqual(now, { at: "fetching", fresh: true, round: 1 });
    assert.deepEqual(effects, ["stop", "save", "fetch", "wake_sends"]);
  });
}
