import { CLOSED_BY_OPERATOR } from "../../lib/protocol/closed_reasons.ts";
import { endingOf, isIn } from "../../daemon/session/core/room_state.ts";
import { fetching, leaving, tasks } from "./room_work_moves.ts";
import {
  deliver,
  happens,
  type Move,
  move,
  spend,
  type World,
} from "./room_world.ts";

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

/** What others, the relay and the network do. */
function outside(world: World): Move[] {
  const { budget, connected, hasUs, exists } = world;
  const moves: Move[] = [];
  if (budget.says > 0 && exists) {
    const n = world.said + 1;
    const more = { ...spend(world, "says"), said: n };
    const isHeard = connected && hasUs;
    moves.push(
      move("say", false, () => isHeard ? deliver(more, n) : more),
    );
    if (isHeard && budget.troubles > 0) {
      moves.push(
        move(
          "say, unwritten",
          false,
          () => deliver(spend(more, "troubles"), n, false),
        ),
      );
    }
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
        () => happens(back, { type: "connected" }),
      ),
    );
  }
  if (exists && budget.closes > 0) {
    for (const reason of ["idle", CLOSED_BY_OPERATOR]) {
      const gone: World = {
        ...spend(world, "closes"),
        ...{ exists: false, hasUs: false },
        shut: reason === CLOSED_BY_OPERATOR,
      };
      moves.push(
        move(
          `close: ${reason}`,
          false,
          () =>
            connected && hasUs
              ? happens(gone, { type: "closed", reason })
              : gone,
        ),
      );
    }
  }
  const isOver = endingOf(world.state) !== undefined &&
    world.state.at !== "closing" && world.state.at !== "leaving";
  if (!exists && isOver) {
    moves.push(move("made again", true, () => ({
      ...world,
      exists: true,
      shut: false,
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
    const life = exists
      ? answered
      : { ...answered, exists: true, shut: false, said: 0 };
    moves.push(
      move(
        "entered",
        true,
        () =>
          happens({ ...life, hasUs: true }, { type: "entered", fresh: false }),
      ),
    );
  } else {
    const told = world.shut
      ? happens(answered, { type: "closed", reason: CLOSED_BY_OPERATOR })
      : answered;
    moves.push(
      move("not found", true, () => happens(told, { type: "not_found" })),
    );
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
