import type { Failure } from "../../lib/errors.ts";

/** How a failure is told: as JSON under /v2/, as a line of text on the Go programs' routes. */
export type ErrorForm = "json" | "text";

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

export function jsonAnswer(body: unknown, status = 200): Response {
  return answer(JSON.stringify(body) + "\n", {
    status,
    type: "application/json",
  });
}

export function textAnswer(text: string, status = 200): Response {
  return answer(text, { status, type: "text/plain; charset=utf-8" });
}

/** An answer with the headers that every answer has. */
export function answer(
  body: string | ReadableStream<Uint8Array>,
  { status = 200, type }: { readonly status?: number; readonly type: string },
): Response {
  const headers = { ...HEADERS, "content-type": type };
  return new Response(body, { status, headers });
}

export function failureAnswer(failure: Failure, form: ErrorForm): Response {
  const { httpStatus, message, fix } = failure;
  const response = form === "json"
    ? jsonAnswer({ error: failure.toJson() }, httpStatus)
    : textAnswer(`${message}; ${fix}\n`.replace(/\n(?=.)/g, " "), httpStatus);
  if (failure.retryAfterMs !== undefined) {
    const seconds = Math.ceil(failure.retryAfterMs / 1000);
    response.headers.set("retry-after", String(seconds));
  }
  return response;
}
