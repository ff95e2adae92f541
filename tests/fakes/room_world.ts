import assert from "node:assert/strict";
import { nextRoom } from "../../daemon/session/core/next_room.ts";
import {
  endingOf,
  firstState,
  isIn,
  type RoomState,
} from "../../daemon/session/core/room_state.ts";
import type {
  RoomEffect,
  RoomEvent,
} from "../../daemon/session/core/session_events.ts";

/** A time that any room is looked for until, and one that only an own room is. */
const SOON = 0;
const LATE = 10 * 60 * 60_000;

/** How often each kind of trouble may still come: what bounds an exploration. */
export interface Budget {
  readonly says: number;
  readonly cuts: number;
  readonly closes: number;
  /** Refusals, histories that fail, writes that fail. */
  readonly troubles: number;
  readonly overruns: number;
  readonly leaves: number;
}

/** One room, the relay that has it and the mailbox, as plain numbers: messages of one life of the room are 1, 2, 3… */
export interface World {
  readonly own: boolean;
  readonly state: RoomState;
  readonly connected: boolean;
  /** What the relay has: whether it has the room, us in it, and so many messages. */
  readonly exists: boolean;
  readonly hasUs: boolean;
  readonly said: number;
  /** Messages that went by unnoticed: nobody can know of them until a later one comes. */
  readonly skipped: readonly number[];
  /** What the mailbox has of this life, in its order; 0 for a gap. */
  readonly had: readonly number[];
  /** All up to this one was had, or is not wanted; undefined when nobody knows. */
  readonly last: number | undefined;
  /** What waits; 0 where the connection broke. */
  readonly held: readonly number[];
  readonly overflow: boolean;
  /** All after this one are wanted; undefined until it is known. */
  readonly from: number | undefined;
  readonly entry: "none" | "queued" | "asked";
  readonly fetch: "none" | "queued";
  readonly timer: "none" | "entry_due" | "fetch_due" | "give_up";
  readonly task: Extract<RoomEffect, { do: "release" | "take_rest" }> | null;
  /** Steps of a leave that was asked for. */
  readonly leave: "none" | "take" | "tell" | "take_again" | "forget";
  readonly budget: Budget;
  /** What the mailbox had of the life that ended last; no part of what the room can know. */
  readonly lastLife: readonly number[];
}

/** Something that can happen in a world. */
export interface Move {
  readonly name: string;
  /** Whether it brings the room on, and costs nothing. */
  readonly friendly: boolean;
  to(): World;
}

/** A world in which the room was just joined for the first time, or remembered from before. */
export function firstWorld(
  own: boolean,
  first: "joined" | "remembered" | "ended",
  budget: Budget,
): World {
  const world: World = {
    ...{ own, connected: false, exists: true, hasUs: false, said: 0 },
    ...{ skipped: [], had: [], last: undefined, held: [], overflow: false },
    ...{ entry: "none", fetch: "none", timer: "none", task: null },
    ...{ leave: "none", budget, from: undefined, lastLife: [] },
    state: firstState(
      first === "ended" ? { reason: "it was over", own } : undefined,
    ),
  };
  if (first === "joined") {
    return happens({ ...world, connected: true, hasUs: true }, {
      type: "entered",
      fresh: true,
    });
  }
  return first === "remembered" ? { ...world, last: 0, from: 0 } : world;
}

/** The world after an event of its room, all effects begun. */
export function happens(world: World, event: RoomEvent): World {
  const { state, effects } = nextRoom(world.state, event);
  return effects.reduce(begin, { ...world, state });
}

function begin(world: World, effect: RoomEffect): World {
  switch (effect.do) {
    case "enter":
      return { ...world, entry: "queued" };
    case "enter_later":
      return { ...world, timer: "entry_due" };
    case "fetch":
      return { ...world, fetch: "queued" };
    case "fetch_later":
      return { ...world, timer: effect.mayGiveUp ? "give_up" : "fetch_due" };
    case "release":
    case "take_rest":
      return { ...world, task: effect };
    case "stop":
      return {
        ...world,
        ...{ entry: "none", fetch: "none", timer: "none", task: null },
      };
    case "note_break":
      return world.held.length > 0
        ? { ...world, held: [...world.held, 0] }
        : world;
    case "note_overflow":
      return { ...world, overflow: true };
    case "end":
      return ended(world);
    case "take":
    case "hold":
    case "save":
    case "caught_up":
    case "wake_sends":
      return world;
    default:
      return effect satisfies never;
  }
}

/** Whoever ends a room has taken what waited, and knows of all that he missed. */
function ended(world: World): World {
  assert.deepEqual(world.held, [], "ended with what waited");
  assert.deepEqual(silentlyMissing(world), [], "ended with a silent loss");
  const empty = { had: [], skipped: [], said: 0, last: undefined, from: 0 };
  return { ...world, ...empty, overflow: false, lastLife: world.had };
}

/** Messages of this life that are neither had nor behind a gap, though somebody could know of them. */
export function silentlyMissing(world: World): number[] {
  const { had, said, skipped, from } = world;
  if (from === undefined) return [];
  const lost: number[] = [];
  for (let n = from + 1; n <= said; n++) {
    const isKnown = had.includes(n) || skipped.includes(n);
    if (!isKnown && !isBehindGap(had, n)) lost.push(n);
  }
  return lost;
}

/** Whether a gap stands where the message would. */
function isBehindGap(had: readonly number[], n: number): boolean {
  let before = 0;
  for (const [at, one] of had.entries()) {
    if (one > n) return false;
    const after = had.slice(at + 1).find((next) => next > 0) ?? Infinity;
    if (one === 0 && before < n && n < after) return true;
    if (one > 0) before = one;
  }
  return false;
}

const gap = (world: World): World => ({ ...world, had: [...world.had, 0] });

/** Takes a message into the mailbox, as the receiver does: once, and a hole is a gap. */
function take(world: World, n: number): World {
  if (world.had.includes(n)) return world;
  const before = Math.max(0, ...world.had);
  assert.ok(n > before, `${n} comes after ${before}`);
  const isHole = world.last !== undefined && n > world.last + 1;
  const noted = isHole ? gap(world) : world;
  return {
    ...noted,
    from: noted.from ?? n - 1,
    had: [...noted.had, n],
    last: Math.max(n, world.last ?? 0),
  };
}

const misses = ({ last }: World, n: number): boolean =>
  last === undefined ? false : last === 0 ? true : n > last + 1;

/** A message that the relay delivers. */
function deliver(world: World, n: number): World {
  if (endingOf(world.state) !== undefined) return world;
  const { state, effects } = nextRoom(world.state, {
    type: "message",
    misses: misses(world, n),
  });
  const kinds = effects.map((effect) => effect.do);
  assert.ok(
    kinds.filter((kind) => kind === "take" || kind === "hold").length === 1 ||
      state.at === "left",
    `a message in ${world.state.at} is neither taken nor held`,
  );
  const moved = effects.reduce(begin, { ...world, state });
  if (kinds.includes("take")) return take(moved, n);
  return moved.overflow ? moved : { ...moved, held: [...moved.held, n] };
}

/** What release does in one go. */
function release(world: World, holesAreGaps: boolean): World | "hole" {
  if (world.overflow && !holesAreGaps) return "hole";
  let now = world;
  for (const n of world.held) {
    if (!holesAreGaps && n > 0 && misses(now, n)) return now;
    const next = n === 0 ? gap(now) : take(now, n);
    now = { ...next, held: now.held.slice(1) };
  }
  const told = now.overflow ? gap(now) : now;
  return { ...told, held: [], overflow: false };
}

/** What a fetch brings: all that the relay keeps after the last one had. */
function fetched(world: World): World {
  const held = world.held.filter((n) => n > 0);
  const clean = { ...world, overflow: false, held };
  const isFresh = "fresh" in world.state && world.state.fresh;
  if (isFresh) {
    const first = Math.min(world.said, ...held.map((n) => n - 1));
    const last = Math.max(0, first);
    return { ...clean, last, from: last };
  }
  let now: World = { ...clean, last: clean.last ?? 0, from: clean.from ?? 0 };
  const from = clean.last ?? Math.max(0, ...clean.had);
  for (let n = from + 1; n <= world.said; n++) now = take(now, n);
  return { ...now, skipped: [] };
}

const spend = (world: World, kind: keyof Budget): World => ({
  ...world,
  budget: { ...world.budget, [kind]: world.budget[kind] - 1 },
});

/** All that can happen next. */
export function movesOf(world: World): Move[] {
  return [
    ...outside(world),
    ...entry(world),
    ...fetching(world),
    ...tasks(world),
    ...leaving(world),
  ];
}

function move(name: string, friendly: boolean, to: () => World): Move {
  return { name, friendly, to };
}

/** What others, the relay and the network do. */
function outside(world: World): Move[] {
  const { budget, connected, hasUs, exists, own } = world;
  const moves: Move[] = [];
  if (budget.says > 0 && exists) {
    const n = world.said + 1;
    const more = { ...spend(world, "says"), said: n };
    const isHeard = connected && hasUs;
    moves.push(
      move("say", false, () => isHeard ? deliver(more, n) : more),
    );
    if (isHeard && world.state.at === "live") {
      const skipped = [...world.skipped, n];
      moves.push(move("say unheard", false, () => ({ ...more, skipped })));
    }
    if (isHeard && budget.overruns > 0) {
      moves.push(
        move(
          "say, overrun",
          false,
          () => happens(spend(more, "overruns"), { type: "overrun" }),
        ),
      );
    }
  }
  if (connected && budget.cuts > 0) {
    moves.push(
      move(
        "cut",
        false,
        () =>
          happens({ ...spend(world, "cuts"), connected: false, hasUs: false }, {
            type: "disconnected",
          }),
      ),
    );
  }
  if (!connected && world.state.at !== "left") {
    const back = { ...world, connected: true };
    moves.push(
      move(
        "connect",
        true,
        () => happens(back, { type: "connected", now: SOON }),
      ),
      move(
        "connect late",
        false,
        () => happens(back, { type: "connected", now: LATE }),
      ),
    );
  }
  if (exists && budget.closes > 0) {
    const gone = { ...spend(world, "closes"), exists: false, hasUs: false };
    moves.push(
      move(
        "close",
        false,
        () =>
          connected && hasUs
            ? happens(gone, {
              type: "closed",
              reason: "closed",
              now: SOON,
              own,
            })
            : gone,
      ),
    );
  }
  const isOver = endingOf(world.state) !== undefined &&
    world.state.at !== "closing" && world.state.at !== "leaving";
  if (!exists && isOver) {
    moves.push(move("made again", true, () => ({
      ...world,
      exists: true,
      said: 0,
    })));
  }
  if (
    connected && hasUs && budget.troubles > 0 && isIn(world.state)
  ) {
    moves.push(
      move(
        "outside",
        false,
        () =>
          happens({ ...spend(world, "troubles"), hasUs: false }, {
            type: "outside",
          }),
      ),
    );
  }
  return moves;
}

function entry(world: World): Move[] {
  const { entry, connected, exists, own, budget } = world;
  if (entry === "queued" && connected) {
    return [
      move(
        "asked",
        true,
        () => happens({ ...world, entry: "asked" }, { type: "asked" }),
      ),
    ];
  }
  if (world.timer === "entry_due") {
    return [
      move(
        "entry due",
        true,
        () => happens({ ...world, timer: "none" }, { type: "entry_due" }),
      ),
    ];
  }
  if (entry !== "asked" || !connected) return [];
  const answered: World = { ...world, entry: "none" };
  const made = own && endingOf(world.state) !== undefined;
  const moves: Move[] = [];
  if (exists || made) {
    const life = exists ? answered : { ...answered, exists: true, said: 0 };
    moves.push(
      move(
        "entered",
        true,
        () =>
          happens({ ...life, hasUs: true }, { type: "entered", fresh: false }),
      ),
    );
  } else {
    for (const now of [SOON, LATE]) {
      moves.push(
        move(
          `not found ${now}`,
          now === SOON,
          () => happens(answered, { type: "not_found", now, own }),
        ),
      );
    }
  }
  if (budget.troubles > 0) {
    moves.push(
      move("refused", false, () =>
        happens(spend(answered, "troubles"), {
          ...{ type: "refused", reason: "not yet", ms: 1, forAll: false },
        })),
    );
  }
  return moves;
}

function fetching(world: World): Move[] {
  const { timer, fetch, connected, budget } = world;
  if (timer === "fetch_due" || timer === "give_up") {
    const due: World = { ...world, timer: "none" };
    const moves = [
      move("fetch due", true, () => happens(due, { type: "fetch_due" })),
    ];
    if (timer === "give_up" && world.held.length > 0) {
      moves.push(
        move(
          "waited enough",
          false,
          () => happens(due, { type: "waited_enough" }),
        ),
      );
    }
    return moves;
  }
  if (fetch !== "queued" || !connected) return [];
  const done: World = { ...world, fetch: "none" };
  const moves = [
    move("fetched", true, () => happens(fetched(done), { type: "fetched" })),
  ];
  if (budget.troubles === 0) return moves;
  for (const trouble of ["passing", "final", "outside"] as const) {
    for (const mayGiveUp of trouble === "passing" ? [true, false] : [true]) {
      moves.push(move(`fetch failed ${trouble} ${mayGiveUp}`, false, () => {
        const less = spend(done, "troubles");
        const out = trouble === "outside" ? { ...less, hasUs: false } : less;
        return happens(out, {
          ...{ type: "fetch_failed", trouble, ms: 1, mayGiveUp },
        });
      }));
    }
  }
  return moves;
}

function tasks(world: World): Move[] {
  const { task, budget } = world;
  if (task === null) return [];
  const done: World = { ...world, task: null };
  const begun = task.gapFirst ? gap(done) : done;
  const moves = task.do === "release"
    ? [move("release", true, () => {
      const after = release(begun, task.holesAreGaps);
      if (after === "hole") return happens(done, { type: "hole" });
      const type = after.held.length > 0 ? "hole" : "released";
      return happens(after, { type });
    })]
    : [move("rest taken", true, () => {
      const after = release(begun, true);
      assert.notEqual(after, "hole");
      return happens(after as World, { type: "rest_taken" });
    })];
  if (task.do === "release" && budget.troubles > 0) {
    moves.push(
      move(
        "unwritten",
        false,
        () => happens(spend(done, "troubles"), { type: "unwritten" }),
      ),
    );
  }
  return moves;
}

function leaving(world: World): Move[] {
  const { leave, budget, state } = world;
  if (leave === "none") {
    const mayBeAsked = budget.leaves > 0 && state.at !== "left";
    // An answer that is under way is waited for: the relay may have us in it after all.
    const hasUs = world.hasUs || (world.entry === "asked" && world.exists);
    return mayBeAsked
      ? [
        move("leave", false, () =>
          happens({ ...spend(world, "leaves"), leave: "take", hasUs }, {
            type: "leave_asked",
          })),
      ]
      : [];
  }
  assert.equal(state.at, "leaving");
  const trouble = () =>
    budget.troubles > 0
      ? [
        move(`leave fails at ${leave}`, false, () =>
          happens({ ...spend(world, "troubles"), leave: "none" }, {
            type: "stays",
          })),
      ]
      : [];
  switch (leave) {
    case "take":
      return [
        ...trouble(),
        move("leave takes", true, () => takeHeld({ ...world, leave: "tell" })),
      ];
    case "tell":
      return [
        ...trouble(),
        move(
          "leave tells",
          true,
          () =>
            happens({ ...world, leave: "take_again", hasUs: false }, {
              type: "left_at_relay",
            }),
        ),
      ];
    case "take_again":
      return [
        ...trouble(),
        move(
          "leave takes again",
          true,
          () => takeHeld({ ...world, leave: "forget" }),
        ),
      ];
    case "forget":
      return [
        ...trouble(),
        move("left", true, () => {
          assert.deepEqual(world.held, [], "left with what waited");
          return happens({ ...world, leave: "none" }, { type: "left" });
        }),
      ];
    default:
      return leave satisfies never;
  }
}

function takeHeld(world: World): World {
  if (world.held.length === 0 && !world.overflow) return world;
  const isFresh = "fresh" in world.state && world.state.fresh;
  const after = release(isFresh ? world : gap(world), true);
  assert.notEqual(after, "hole");
  return happens(after as World, { type: "rest_taken" });
}
