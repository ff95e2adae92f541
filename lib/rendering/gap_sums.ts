import type { Gap } from "../local_api/types/mailbox.ts";

/** One gap for each room and reason: from the first to the last, with all that is missing, unknown where one is. */
export function gapSums(gaps: readonly Gap[]): Gap[] {
  const sums = new Map<string, Gap>();
  for (const gap of gaps) {
    const of = `${gap.room} ${gap.removed}`;
    const sum = sums.get(of);
    sums.set(of, sum === undefined ? gap : joined(sum, gap));
  }
  return [...sums.values()];
}

function joined(one: Gap, other: Gap): Gap {
  const count = one.count === undefined || other.count === undefined
    ? {}
    : { count: one.count + other.count };
  const { count: _count, ...rest } = one;
  return {
    ...rest,
    after: Math.min(one.after, other.after),
    // 0: nothing has come after it yet.
    before: one.before === 0 || other.before === 0
      ? 0
      : Math.max(one.before, other.before),
    ...count,
  };
}
