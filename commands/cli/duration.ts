import { durationMs } from "../../lib/duration.ts";
import { Failure } from "../../lib/errors.ts";

/** The longest wait that a command takes, in milliseconds. */
const LONGEST_WAIT_MS = 600_000;

/**
 * Reads a duration as `500ms`, `60s`, `10m` or `1h`. A bare number is refused: nobody knows its unit.
 *
 * @returns whole milliseconds.
 * @throws {Failure} USAGE.
 */
export function parseDuration(text: string): number {
  const ms = durationMs(text, ["ms", "s", "m", "h"]);
  if (ms !== null) return ms;
  const bare = /^\d+$/.test(text);
  throw new Failure("USAGE", {
    fields: {
      reason: `'${text}' is not a duration`,
      fix: bare
        ? `add a unit: ${text}s for seconds, ${text}ms for milliseconds`
        : "write it as 500ms, 60s, 10m or 1h",
    },
  });
}

/**
 * Reads how long a command waits: a duration above nothing, at most ten minutes.
 *
 * @throws {Failure} USAGE.
 */
export function parseWait(text: string): number {
  const ms = parseDuration(text);
  if (ms > 0 && ms <= LONGEST_WAIT_MS) return ms;
  throw new Failure("USAGE", {
    fields: {
      reason: `a wait from 1ms to 10m is wanted, not '${text}'`,
      fix: "to wait longer, call it again",
    },
  });
}
