import type { FailureJson } from "../../lib/errors.ts";
import { LOG_LEVELS, type LogFields } from "../../lib/log.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import type { FromSessionWorker } from "../worker/keeper_messages.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Longest text of a worker that goes into the log, in UTF-16 units; most fields of a line. */
const MOST = { text: 4_000, fields: 32 } as const;

/**
 * Reads what the session worker says. It touches what strangers send, so it is not believed: whoever has taken it
 * over must not bring the keeper down.
 *
 * @returns null for what is no message of ours.
 */
export function parseWorkerMessage(data: unknown): FromSessionWorker | null {
  if (!isObject(data)) return null;
  const { type, id } = data;
  switch (type) {
    case "log":
      return parseLog(data);
    case "sign":
      return isId(id) ? { type, id, frame: data.frame as RawObject } : null;
    case "borrow_solvers":
      return isId(id) ? { type, id } : null;
    case "return_solvers":
    case "stop_wanted":
      return { type };
    case "listening": {
      const { port } = data;
      return isId(port) && port <= 65_535 ? { type, port } : null;
    }
    case "not_listening": {
      const { isInUse } = data;
      return { type, reason: cut(data.reason), isInUse: isInUse === true };
    }
    case "not_started":
      return isObject(data.failure)
        ? { type, failure: parseFailure(data.failure) }
        : null;
    default:
      return null;
  }
}

function parseFailure({ code, message, fix }: Fields): FailureJson {
  return { code: cut(code), message: cut(message), fix: cut(fix) };
}

function parseLog(data: Fields): FromSessionWorker | null {
  const level = LOG_LEVELS.find((one) => one === data.level);
  if (level === undefined || !isObject(data.fields)) return null;
  const entries = Object.entries(data.fields).slice(0, MOST.fields)
    .map(([key, value]) => [cut(key), loggable(value)] as const);
  const fields: LogFields = Object.fromEntries(entries);
  return { type: "log", level, event: cut(data.event), fields };
}

function loggable(value: unknown): string | number | boolean | undefined {
  return value === undefined || typeof value === "number" ||
      typeof value === "boolean"
    ? value
    : cut(value);
}

function cut(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MOST.text) : typeof value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
