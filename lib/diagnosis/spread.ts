/** Times of one kind, in milliseconds, to a tenth. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** How times are spread, by nearest rank; null where none was measured. */
export function spreadOf(times: readonly number[]): Spread | null {
  const sorted = times.toSorted((a, b) => a - b);
  const last = sorted.at(-1);
  if (last === undefined) return null;
  const rank = (share: number) =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? last;
  return {
    count: sorted.length,
    median: tenth(rank(0.5)),
    p95: tenth(rank(0.95)),
    max: tenth(last),
  };
}

const tenth = (ms: number) => Math.round(ms * 10) / 10;
