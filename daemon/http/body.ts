import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { readJsonBody } from "../../lib/host/json_body.ts";

/** Largest body of a request, in bytes. */
export const BODY_BYTES = 128 * 1024;

const LIMITS = {
  mostBytes: BODY_BYTES,
  withinMs: 10_000,
  tooLarge: () => new Failure("BODY_TOO_LARGE"),
} as const;

/**
 * Reads a request's body as JSON; an empty one is `{}`. Holds no more of it than {@link BODY_BYTES}.
 *
 * @throws {Failure} BODY_TOO_LARGE, REQUEST_INVALID.
 */
export function readJson(
  request: Pick<Request, "headers" | "body">,
  clock: Clock,
): Promise<unknown> {
  return readJsonBody(request, LIMITS, clock);
}
