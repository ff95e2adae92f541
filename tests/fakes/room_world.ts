import assert from "node:assert/strict";
import { nextRoom } from "../../daemon/session/core/next_room.ts";
import {
  endingOf,
  firstState,
  type RoomState,
} from "../../daemon/session/core/room_state.ts";
import type {
  RoomEffect,
  RoomEvent,
} from "../../daemon/session/core/session_events.ts";

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
  /** An operator closed it, and whoever asks for it is told so. */
  readonly shut: boolean;
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
  readonly task:
    | Extract<RoomEffect, { do: "release" | "take_rest" }>
    /** It is done, and about to be told. */
    | { readonly do: "tell"; readonly type: "released" | "hole" }
    | null;
  /** Steps of a leave that was asked for. */
  readonly leave: "none" | "take" | "tell" | "take_again" | "forget";
  readonly budget: Budget;
  /** What the mailbox had of the life that ended last; no part of what the room can know. */
  readonly lastLife: readonly number[];
}

/** A world in which the room was just joined for the first time, or remembered from before. */
export function firstWorld(
  own: boolean,
  first: "joined" | "remembered" | "ended",
  budget: Budget,
): World {
  const world: World = {
    ...{ own, connected: false, exists: true, hasUs: false, said: 0 },
    shut: false,
    ...{ skipped: [], had: [], last: undefined, held: [], overflow: false },
    ...{ entry: "none", fetch: "none", timer: "none", task: null },
    ...{ leave: "none", budget, from: undefined, lastLife: [] },
    state: firstState(
      first === "ended" ? { reason: "it was over" } : undefined,
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
    case "seek_later":
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

export const gap = (world: World): World => ({
  ...world,
  had: [...world.had, 0],
});

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

export const misses = ({ last }: World, n: number): boolean =>
  last === undefined ? false : last === 0 ? true : n > last + 1;

/** A message that the relay delivers. @param isWritten false where the mailbox can't be written just then */
export function deliver(
  world: World,
  n: number,
  isWritten = true,
): World {
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
  if (kinds.includes("take") && isWritten) return take(moved, n);
  if (kinds.includes("take")) {
    return happens({ ...moved, held: [...moved.held, n] }, {
      type: "unwritten",
    });
  }
  return moved.overflow ? moved : { ...moved, held: [...moved.held, n] };
}

/** What release does in one go. */
export function release(world: World, holesAreGaps: boolean): World | "hole" {
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
export function fetched(world: World): World {
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

/** Something that can happen in a world. */
export interface Move {
  readonly name: string;
  /** Whether it brings the room on, and costs nothing. */
  readonly friendly: boolean;
  to(): World;
}

/** A world with one trouble of a kind fewer to come. */
export const spend = (world: World, kind: keyof Budget): World => ({
  ...world,
  budget: { ...world.budget, [kind]: world.budget[kind] - 1 },
});

export function move(name: string, friendly: boolean, to: () => World): Move {
  return { name, friendly, to };
}
