import { Failure } from "../lib/errors.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { RPC_CODE } from "./json_rpc.ts";

/** What a request is refused with: the SDK sends code and message as they are. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: number;

  /** @param message says what to do next. */
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Runs the body of a request whose result has no place for a failure.
 *
 * @throws {RequestError} for what it threw.
 */
export async function orRequestError<Result>(
  body: () => Promise<Result>,
): Promise<Result> {
  try {
    return await body();
  } catch (thrown) {
    const failure = Failure.from(thrown);
    // That no relay is named is no fault of who asks.
    const isTheirs = failure.httpStatus === 400 &&
      failure.code !== "RELAY_URL_MISSING";
    const code = isTheirs ? RPC_CODE.params : RPC_CODE.internal;
    throw new RequestError(code, `${failure.code}: ${failureLine(failure)}`);
  }
}
