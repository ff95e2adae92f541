import type { Gap } from "../local_api/types/mailbox.ts";

/** One gap for each room: from the first to the last, with all that is missing, unknown where one is. */
export function gapSums(gaps: readonly Gap[]): Gap[] {
  const sums = new Map<string, Gap>();
  for (const gap of gaps) {
    const sum = sums.get(gap.room);
    sums.set(gap.room, sum === undefined ? gap : joined(sum, gap));
  }
  return [...sums.values()];
}

function joined(one: Gap, other: Gap): Gap {
  const count = one.count === undefined || other.count === undefined
    ? {}
    : { count: one.count + other.count };
  return {
    room: one.room,
    after: Math.min(one.after, other.after),
    // 0: nothing has come after it yet.
    before: one.before === 0 || other.before === 0
      ? 0
      : Math.max(one.before, other.before),
    ...count,
  };
}
