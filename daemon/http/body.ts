import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";

/** Largest body of a request, in bytes. */
export const BODY_BYTES = 128 * 1024;
/** Longest time that a body may take, in milliseconds. */
const BODY_MS = 10_000;

/**
 * Reads a request's body as JSON; an empty one is `{}`. Holds no more of it than {@link BODY_BYTES}.
 *
 * @throws {Failure} BODY_TOO_LARGE, REQUEST_INVALID.
 */
export async function readJson(
  request: Pick<Request, "headers" | "body">,
  clock: Clock,
): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES) {
    throw new Failure("BODY_TOO_LARGE");
  }
  if (request.body === null) return {};
  const text = decode(await readBounded(request.body, clock));
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable("its body is not JSON", cause);
  }
}

async function readBounded(
  body: ReadableStream<Uint8Array>,
  clock: Clock,
): Promise<Uint8Array> {
  const reader = body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = clock.after(
    BODY_MS,
    () => late.reject(unreadable("its body did not come within 10 s")),
  );
  const buffer = new Uint8Array(BODY_BYTES);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return buffer.subarray(0, length);
      if (length + value.length > BODY_BYTES) {
        throw new Failure("BODY_TOO_LARGE");
      }
      buffer.set(value, length);
      length += value.length;
    }
  } catch (error) {
    throw error instanceof Failure
      ? error
      : unreadable("its body broke off", error);
  } finally {
    timer.cancel();
    // The server drops what is left with the answer.
    reader.releaseLock();
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable("its body is not UTF-8", cause);
  }
}

function unreadable(reason: string, cause?: unknown): Failure {
  return new Failure("REQUEST_INVALID", { fields: { reason }, cause });
}
