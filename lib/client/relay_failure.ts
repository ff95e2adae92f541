import { Failure } from "../errors.ts";
import {
  type ErrorFrame,
  WIRE_CODES,
  type WireCode,
} from "../protocol/frames.ts";
import { relayText } from "./relay_text.ts";

/** What an `error` frame answered, for the wording. */
export interface FailureContext {
  readonly room?: string;
  /** In a handshake time always cures a limit, whether or not the relay says when. */
  readonly handshake?: boolean;
}

/** A relay's `error` as a Failure; a code that this version doesn't know becomes RELAY_REFUSED (protocol.md section 5). */
export function relayFailure(
  error: ErrorFrame,
  context: FailureContext = {},
): Failure {
  const message = relayText(error.message);
  const fields = {
    relay_message: message,
    reason: message === "" ? relayText(error.code) : message,
    ...(context.room === undefined ? {} : { room: context.room }),
  };
  const { retry_after_ms: retryAfterMs } = error;
  return new Failure(codeOf(error, context), {
    fields,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function codeOf(error: ErrorFrame, context: FailureContext) {
  if (!isWireCode(error.code)) return "RELAY_REFUSED";
  const curable = error.retry_after_ms !== undefined || context.handshake;
  return error.code === "RATE_LIMITED" && !curable
    ? "LIMIT_REACHED"
    : error.code;
}

function isWireCode(code: string): code is WireCode {
  return (WIRE_CODES as readonly string[]).includes(code);
}
