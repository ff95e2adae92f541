const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads a duration of a flag: `500ms`, `60s`, `10m`, `2h`, `30d`; `0` alone is none.
 *
 * @returns whole milliseconds, or null for anything else.
 */
export function parseDuration(text: string): number | null {
  if (text === "0") return 0;
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return null;
  return Number(digits) * (UNITS[unit] ?? 1);
}
