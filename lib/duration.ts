/** The units of a duration as it is written, in milliseconds. */
const UNITS = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
} as const;
export type DurationUnit = keyof typeof UNITS;

/**
 * Reads a duration as `500ms`, `60s`, `10m`, `1h` or `30d`. A bare number is none: nobody knows its unit.
 *
 * @param units those that are taken.
 * @returns whole milliseconds, or null for anything else.
 */
export function durationMs(
  text: string,
  units: readonly DurationUnit[],
): number | null {
  const [, digits, letters] = /^(\d{1,9})([a-z]{1,2})$/.exec(text) ?? [];
  const unit = units.find((one) => one === letters);
  return digits === undefined || unit === undefined
    ? null
    : Number(digits) * UNITS[unit];
}
