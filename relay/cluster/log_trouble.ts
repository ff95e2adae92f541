import { Failure } from "../../lib/errors.ts";

/** Why the servers, or the log on them, can't be used as they are, and what to change. */
export function logTrouble(
  reason: string,
  fix: string,
  cause?: unknown,
): Failure {
  return new Failure("LOG_UNUSABLE", { fields: { reason, fix }, cause });
}
