import {
  ERROR_TABLE,
  type ExitCode,
  type Fields,
  type Row,
} from "./error_table.ts";
import { defined } from "./defined.ts";

export { EXIT, type ExitCode, type Fields } from "./error_table.ts";

/** A code of the table. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** An error as it stands in JSON: in the local API's answers and after `--json` (README.md, "Exit codes"). */
export interface FailureJson {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly retry_after_ms?: number;
}

export interface FailureOptions {
  readonly fields?: Fields;
  /** Milliseconds until a second try can succeed. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** An error with a code that a caller can decide on, and words that say what to do next. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: ErrorCode;
  readonly fix: string;
  readonly retryAfterMs: number | undefined;
  /** The reason that was given, without the words around it; lost on the way through JSON. */
  readonly reason: string | undefined;

  constructor(code: ErrorCode, options: FailureOptions = {}) {
    const row: Row = ERROR_TABLE[code];
    const fields = { ...options.fields, retry_after_ms: options.retryAfterMs };
    super(
      row.say(fields),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.fix = row.fix(fields);
    this.retryAfterMs = options.retryAfterMs;
    const { reason } = fields as Fields;
    this.reason = reason === undefined ? undefined : `${reason}`;
  }

  /** Brings back an error that crossed the local API or a worker; a code of a newer version is INTERNAL. */
  static fromJson(json: FailureJson): Failure {
    const code = isErrorCode(json.code) ? json.code : "INTERNAL";
    const { retry_after_ms: retryAfterMs } = json;
    const failure = new Failure(code, defined({ retryAfterMs }));
    failure.message = json.message;
    Object.defineProperty(failure, "fix", {
      value: json.fix,
      enumerable: true,
    });
    return failure;
  }

  /** Whatever was thrown, as a Failure: one that is none already becomes INTERNAL. */
  static from(thrown: unknown): Failure {
    if (thrown instanceof Failure) return thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return new Failure("INTERNAL", { fields: { reason }, cause: thrown });
  }

  get exitCode(): ExitCode {
    return ERROR_TABLE[this.code].exit;
  }

  get httpStatus(): number {
    return httpStatusOf(this.code);
  }

  toJson(): FailureJson {
    const { code, message, fix, retryAfterMs } = this;
    return {
      code,
      message,
      fix,
      ...defined({ retry_after_ms: retryAfterMs }),
    };
  }
}

/** The status of the local API by which an error is known there. */
export function httpStatusOf(code: ErrorCode): number {
  return ERROR_TABLE[code].http;
}

/** Whether the text is a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
