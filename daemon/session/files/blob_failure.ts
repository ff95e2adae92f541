import { relayText } from "../../../lib/client/relay_text.ts";
import { type ErrorCode, Failure, isErrorCode } from "../../../lib/errors.ts";
import { boundedText } from "./bounded_text.ts";

/** Longest pause that a relay is believed, in milliseconds. */
const MOST_RETRY_MS = 3_600_000;

/** Of these time cures all that the relay says without a time of its own. */
const LATER: ReadonlySet<ErrorCode> = new Set(["BLOB_BUSY", "BLOB_CUT"]);

/**
 * What a relay answers in place of a file, or to one that it does not take, as a Failure (protocol.md section 18). One
 * that knows nothing of files answers in its own way: BLOB_OFF.
 */
export async function blobFailure(response: Response): Promise<Failure> {
  const { code, error, retry_after_ms } = await said(response);
  const isKnown = typeof code === "string" && isErrorCode(code) &&
    (code.startsWith("BLOB_") || code === "RATE_LIMITED");
  if (isKnown) return failureOf(code, { error, retry_after_ms });
  if (response.status === 404 || response.status === 405) {
    return new Failure("BLOB_OFF");
  }
  const reason = `it answers with HTTP ${response.status}`;
  return new Failure("RELAY_REFUSED", { fields: { reason } });
}

function failureOf(
  code: ErrorCode,
  { error, retry_after_ms }: Record<string, unknown>,
): Failure {
  const words = typeof error === "string" ? relayText(error) : "";
  const isTime = typeof retry_after_ms === "number" && retry_after_ms > 0;
  return new Failure(code, {
    fields: { reason: words, relay_message: words },
    ...(isTime
      ? { retryAfterMs: Math.min(retry_after_ms, MOST_RETRY_MS) }
      : LATER.has(code)
      ? { retryAfterMs: 5_000 }
      : {}),
  });
}

async function said(response: Response): Promise<Record<string, unknown>> {
  try {
    const text = await boundedText(response);
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : {};
  } catch {
    // Whatever it said, the status tells.
    return {};
  }
}
