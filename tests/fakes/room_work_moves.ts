import assert from "node:assert/strict";
import {
  fetched,
  gap,
  happens,
  type Move,
  move,
  release,
  spend,
  type World,
} from "./room_world.ts";

/** How a fetch of the past ends. */
export function fetching(world: World): Move[] {
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
  moves.push(
    move(
      "fetch paced",
      false,
      () => happens(spend(done, "troubles"), { type: "fetch_paced", ms: 1 }),
    ),
  );
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

/** How what waits is taken. */
export function tasks(world: World): Move[] {
  const { task, budget } = world;
  if (task === null) return [];
  const done: World = { ...world, task: null };
  if (task.do === "tell") {
    const { type } = task;
    const rest = world.held.length > 0 || world.overflow;
    return [
      move(
        `${type} is told`,
        true,
        () => happens(done, type === "hole" ? { type } : { type, rest }),
      ),
    ];
  }
  const begun = task.gapFirst ? gap(done) : done;
  const moves = task.do === "release"
    ? [move("release", true, () => {
      const after = release(begun, task.holesAreGaps);
      const isHole = after === "hole" || after.held.length > 0;
      const left = after === "hole" ? done : after;
      const type = isHole ? "hole" : "released";
      return { ...left, task: { do: "tell", type } };
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

/** Step by step out of the room. */
export function leaving(world: World): Move[] {
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
