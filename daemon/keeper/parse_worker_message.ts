import type { FailureJson } from "../../lib/errors.ts";
import { LOG_LEVELS, type LogFields } from "../../lib/log.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import type { LogMessage } from "../../lib/worker_log.ts";
import type { FromSessionWorker } from "../worker/keeper_messages.ts";
import { isPlainObject, type PlainObject as Fields } from "./plain_data.ts";

/** Longest text of a worker that goes into the log, in UTF-16 units; most fields of a line, and most of all of it. */
const MOST = { text: 4_000, fields: 32, line: 8_000 } as const;

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
    isPlainObject(failure)
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
  if (!isPlainObject(data) || !isType(data.type)) return null;
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
  if (level === undefined || !isPlainObject(data.fields)) return null;
  const event = cut(data.event);
  return { type: "log", level, event, fields: parseFields(data.fields) };
}

function parseFields(data: Fields): LogFields {
  const fields: [string, string | number | boolean | undefined][] = [];
  let left = MOST.line;
  for (const name in data) {
    if (fields.length >= MOST.fields || left <= 0) break;
    const key = cut(name);
    const value = loggable(data[name]);
    const kept = typeof value === "string" ? value.slice(0, left) : value;
    fields.push([key, kept]);
    left -= key.length + `${kept}`.length;
  }
  return Object.fromEntries(fields);
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

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
