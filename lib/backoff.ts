/** How long to wait between tries, in milliseconds. */
export interface BackoffOptions {
  /** The first ceiling. Default 500. */
  readonly firstMs?: number;
  /** The highest ceiling. Default 30,000. */
  readonly mostMs?: number;
}

/**
 * The wait before try number `attempt` (0 is the first): full jitter, that is, anywhere between nothing and a
 * ceiling that doubles, so that a thousand clients of a relay that fell don't come back as one.
 *
 * @param random in [0, 1).
 * @see "Exponential Backoff And Jitter", AWS Architecture Blog, 2015
 */
export function fullJitter(
  attempt: number,
  random: number,
  options: BackoffOptions = {},
): number {
  const { firstMs = 500, mostMs = 30_000 } = options;
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.floor(random * ceiling);
}
