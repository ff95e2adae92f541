import { durationMs } from "../../lib/duration.ts";
import { Failure } from "../../lib/errors.ts";
import { INVITE_TERM } from "../../lib/invites/invite_term.ts";

/**
 * Reads how long an invitation lasts: `30m`, `24h`, `7d`.
 *
 * @returns milliseconds, from a minute to 90 days.
 * @throws {Failure} USAGE.
 */
export function parseTerm(text: string): number {
  const ms = durationMs(text, ["s", "m", "h", "d"]);
  if (ms !== null && ms >= INVITE_TERM.leastMs && ms <= INVITE_TERM.mostMs) {
    return ms;
  }
  throw new Failure("USAGE", {
    fields: {
      reason: `an invitation lasts from 1m to 90d, not '${text}'`,
      fix: "write it as 30m, 24h or 7d",
    },
  });
}
