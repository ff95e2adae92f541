import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { readJsonBody } from "../../lib/host/json_body.ts";

/** Largest body of an admin request, in bytes. */
export const BODY_BYTES = 4_096;

const LIMITS = {
  mostBytes: BODY_BYTES,
  withinMs: 5_000,
  tooLarge: () =>
    new Failure("REQUEST_INVALID", {
      fields: { reason: "its body is over 4 KB" },
    }),
} as const;

/**
 * Reads a request's body as JSON; an empty one is `{}`. Holds no more of it than {@link BODY_BYTES}.
 *
 * @throws {Failure} REQUEST_INVALID.
 */
export function readBody(
  request: Pick<Request, "headers" | "body">,
  clock: Clock,
): Promise<unknown> {
  return readJsonBody(request, LIMITS, clock);
}
