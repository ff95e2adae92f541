import { LOG_LEVELS, type LogFields } from "./log.ts";
import { isPlainObject, type PlainObject } from "./plain_data.ts";
import type { LogMessage } from "./worker_log.ts";

// How a keeper reads what its worker says: the worker touches what strangers send, so it is not believed.

/** An object whose fields are anything. */
export type Words = PlainObject;

/** Longest text of a worker that goes into the log, in UTF-16 units; most fields of a line, and most of all of it. */
const MOST = { text: 4_000, fields: 32, line: 8_000 } as const;

export const isWords = isPlainObject;

/** A whole number from 0 that keeps its value. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A text, cut; of anything else its type. */
export function cutText(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MOST.text) : typeof value;
}

/** A line for the log, cut in length and fields; null for what is none. */
export function parseLogWords(words: Words): LogMessage | null {
  const level = LOG_LEVELS.find((one) => one === words.level);
  if (level === undefined || !isWords(words.fields)) return null;
  const event = cutText(words.event);
  return { type: "log", level, event, fields: parseFields(words.fields) };
}

function parseFields(words: Words): LogFields {
  const fields: [string, string | number | boolean | undefined][] = [];
  let left = MOST.line;
  for (const name in words) {
    if (fields.length >= MOST.fields || left <= 0) break;
    const key = cutText(name);
    const value = loggable(words[name]);
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
    : cutText(value);
}
