import { LOG_LEVELS, type LogFields } from "./log.ts";
import type { LogMessage } from "./worker_log.ts";

// How a keeper reads what its worker says: the worker touches what strangers send, so it is not believed.

/** An object whose fields are anything. */
export type Words = Readonly<Record<string, unknown>>;

/** Longest text of a worker that goes into the log, in UTF-16 units; most fields of a line. */
const MOST = { text: 4_000, fields: 32 } as const;

export function isWords(value: unknown): value is Words {
  return typeof value === "object" && value !== null;
}

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
  const entries = Object.entries(words.fields).slice(0, MOST.fields)
    .map(([key, value]) => [cutText(key), loggable(value)] as const);
  const fields: LogFields = Object.fromEntries(entries);
  return { type: "log", level, event: cutText(words.event), fields };
}

function loggable(value: unknown): string | number | boolean | undefined {
  return value === undefined || typeof value === "number" ||
      typeof value === "boolean"
    ? value
    : cutText(value);
}
