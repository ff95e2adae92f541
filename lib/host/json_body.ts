import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";

/** How much of a body is taken. */
export interface BodyLimits {
  readonly mostBytes: number;
  /** Longest time that it may take, in milliseconds. */
  readonly withinMs: number;
  /** What is said of one that is larger. */
  readonly tooLarge: () => Failure;
}

/**
 * Reads a request's body as JSON; an empty one is `{}`. Holds no more of it than its limits allow.
 *
 * @throws {Failure} REQUEST_INVALID, or `tooLarge`.
 */
export async function readJsonBody(
  request: Pick<Request, "headers" | "body">,
  limits: BodyLimits,
  clock: Clock,
): Promise<unknown> {
  const said = Number(request.headers.get("content-length") ?? 0);
  if (said > limits.mostBytes) throw limits.tooLarge();
  if (request.body === null) return {};
  const text = decode(await readBounded(request.body, limits, clock));
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable("its body is not JSON", cause);
  }
}

async function readBounded(
  body: ReadableStream<Uint8Array>,
  { mostBytes, withinMs, tooLarge }: BodyLimits,
  clock: Clock,
): Promise<Uint8Array> {
  const reader = body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = clock.after(withinMs, () => {
    const reason = `its body did not come within ${withinMs / 1000} s`;
    late.reject(unreadable(reason));
  });
  const buffer = new Uint8Array(mostBytes);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return buffer.subarray(0, length);
      if (length + value.length > mostBytes) throw tooLarge();
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
