import { Failure } from "../../lib/errors.ts";

/** Largest body of an admin request, in bytes. */
export const BODY_BYTES = 4_096;
/** Longest time that it may take, in milliseconds. */
const BODY_MS = 5_000;

/**
 * Reads a request's body as JSON; an empty one is `{}`. Holds no more of it than {@link BODY_BYTES}.
 *
 * @throws Failure REQUEST_INVALID.
 */
export async function readBody(
  request: Pick<Request, "body">,
): Promise<unknown> {
  if (request.body === null) return {};
  const text = await bounded(request.body);
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid("its body is not JSON", cause);
  }
}

async function bounded(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const signal = AbortSignal.timeout(BODY_MS);
  let text = "";
  let bytes = 0;
  try {
    const sink = new WritableStream<Uint8Array>({
      write(chunk) {
        bytes += chunk.length;
        if (bytes > BODY_BYTES) throw invalid("its body is over 4 KB");
        text += decoder.decode(chunk, { stream: true });
      },
    });
    await body.pipeTo(sink, { signal });
    return text + decoder.decode();
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    throw invalid("its body broke off, is late, or is not UTF-8", thrown);
  }
}

function invalid(reason: string, cause?: unknown): Failure {
  return new Failure("REQUEST_INVALID", { fields: { reason }, cause });
}
