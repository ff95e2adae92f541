import { STATUS_CODES } from "node:http";
import { Failure } from "../../../lib/errors.ts";
import type { BlobRefusal } from "../../core/edge/blob_replies.ts";

/** What goes out over a connection that has left HTTP: it ends with it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly content: string;
}

/** The head of an answer, to its empty line. Names and values are ours. */
export function rawHead({ status, headers }: Omit<RawAnswer, "content">) {
  const lines = Object.entries({
    ...headers,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const words = STATUS_CODES[status] ?? "";
  return `HTTP/1.1 ${status} ${words}\r\n${lines.join("")}\r\n`;
}

/** A JSON answer. */
export function jsonAnswer(
  status: number,
  body: unknown,
  headers: RawAnswer["headers"] = {},
): RawAnswer {
  const content = JSON.stringify(body);
  return {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-length": new TextEncoder().encode(content).length,
      ...headers,
    },
    content,
  };
}

/** Why not, in the words of the error table. */
export function refusalAnswer(refusal: BlobRefusal): RawAnswer {
  const { code, fields, retryAfterMs } = refusal;
  return failureAnswer(
    new Failure(code, {
      ...(fields === undefined ? {} : { fields }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }),
  );
}

/** A failure as REST says it: `error` holds the words. */
export function failureAnswer(failure: Failure): RawAnswer {
  const { message: error, ...more } = failure.toJson();
  const { retryAfterMs } = failure;
  const headers: Record<string, number> = retryAfterMs === undefined
    ? {}
    : { "retry-after": Math.ceil(retryAfterMs / 1000) };
  return jsonAnswer(failure.httpStatus, { error, ...more }, headers);
}
