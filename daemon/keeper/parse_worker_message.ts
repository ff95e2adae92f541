import type { FailureJson } from "../../lib/errors.ts";
import { LOG_LEVELS, type LogFields } from "../../lib/log.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import type { LogMessage } from "../../lib/worker_log.ts";
import type { FromSessionWorker } from "../worker/keeper_messages.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Longest text of a worker that goes into the log, in UTF-16 units; most fields of a line. */
const MOST = { text: 4_000, fields: 32 } as const;

/** A reader for each type: a new one is a compile error until it stands here. */
const READERS: {
  readonly [Type in FromSessionWorker["type"]]: (
    data: Fields,
  ) => Extract<FromSessionWorker, { readonly type: Type }> | null;
} = {
  log: parseLog,
  sign: ({ id, frame }) =>
    isId(id) ? { type: "sign", id, frame: frame as RawObject } : null,
  borrow_solvers: ({ id }) => isId(id) ? { type: "borrow_solvers", id } : null,
  return_solvers: () => ({ type: "return_solvers" }),
  stop_wanted: () => ({ type: "stop_wanted" }),
  listening: ({ port }) =>
    isId(port) && port <= 65_535 ? { type: "listening", port } : null,
  not_listening: ({ reason, isInUse }) => ({
    type: "not_listening",
    reason: cut(reason),
    isInUse: isInUse === true,
  }),
  not_started: ({ failure }) =>
    isObject(failure)
      ? { type: "not_started", failure: parseFailure(failure) }
      : null,
};

/**
 * Reads what the session worker says. It touches what strangers send, so it is not believed: whoever has taken it
 * over must not bring the keeper down.
 *
 * @returns null for what is no message of ours.
 */
export function parseWorkerMessage(data: unknown): FromSessionWorker | null {
  if (!isObject(data) || !isType(data.type)) return null;
  return READERS[data.type](data);
}

function isType(type: unknown): type is FromSessionWorker["type"] {
  return typeof type === "string" && Object.hasOwn(READERS, type);
}

function parseFailure({ code, message, fix }: Fields): FailureJson {
  return { code: cut(code), message: cut(message), fix: cut(fix) };
}

function parseLog(data: Fields): LogMessage | null {
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
