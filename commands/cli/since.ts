import { durationMs } from "../../lib/duration.ts";
import { Failure } from "../../lib/errors.ts";

/** A day, or a moment of it; without an offset in UTC, as every time that is shown. */
const DATE =
  /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads a moment in the past: `24h` or `7d` ago, a day, or a time as ISO 8601 has it.
 *
 * @returns what gives it in milliseconds since 1970, from what time it is now.
 * @throws {Failure} USAGE.
 */
export function parseSince(text: string): (now: number) => number {
  const ago = durationMs(text, ["s", "m", "h", "d"]);
  if (ago !== null) return (now) => Math.max(0, now - ago);
  const [all, offset] = DATE.exec(text) ?? [];
  const isBare = all?.includes("T") && offset === undefined;
  const at = all === undefined ? NaN : Date.parse(isBare ? `${all}Z` : all);
  if (at >= 0) return () => at;
  const reason = `'${text}' is no time`;
  const fix = "write it as 24h, 7d, 2026-11-27 or 2026-11-27T12:00Z";
  throw new Failure("USAGE", { fields: { reason, fix } });
}
