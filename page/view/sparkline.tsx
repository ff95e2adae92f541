import type { JSX } from "preact";

const HEIGHT = 20;
const STEP = 3;

/** Messages a minute as a small line; what it says in words stands beside it. */
export function Sparkline(
  { counts, length }: {
    readonly counts: readonly number[];
    readonly length: number;
  },
): JSX.Element {
  const all = [...new Array(Math.max(0, length - counts.length)).fill(0)]
    .concat(counts).slice(-length);
  const most = Math.max(1, ...all);
  const points = all.map((count, at) =>
    `${at * STEP},${(HEIGHT - 1 - (count / most) * (HEIGHT - 2)).toFixed(1)}`
  );
  const width = (length - 1) * STEP;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={points.join(" ")} />
    </svg>
  );
}
