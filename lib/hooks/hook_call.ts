import {
  type HookInput,
  type HookProgram,
  type HookRow,
  HOOKS,
} from "./hook_table.ts";
import { sessionWatcher } from "./session_watcher.ts";

/** More is no input of a hook; bytes. */
export const MOST_INPUT = 2 ** 20;

/** A hook that was called: who is told of a wake, and how. */
export interface HookCall {
  /** What the daemon knows the session by. */
  readonly watcher: string;
  readonly isHuman: boolean;
  /** Whether nothing may be told now. */
  readonly isQuiet: boolean;
  readonly answer: HookRow["answer"];
}

/**
 * Reads what a program gave its hook. Total: what is broken, too large, of an event that means nothing here, or without
 * a session gives null. Nothing of it is opened, run or shown.
 *
 * @param bytes standard input, UTF-8, perhaps with a byte order mark
 */
export function hookCall(
  program: HookProgram,
  bytes: Uint8Array,
): HookCall | null {
  const input = inputOf(bytes);
  if (input === null) return null;
  const shape = HOOKS[program];
  const event = input[shape.eventField] ?? shape.onlyEvent;
  const row = shape.rows.find((one) => one.event === event);
  const session = shape.sessionFields.map((field) => input[field])
    .find((name) => typeof name === "string" && name !== "");
  if (row === undefined || typeof session !== "string") return null;
  return {
    watcher: sessionWatcher(program, session),
    isHuman: row.isHuman(input),
    isQuiet: row.isQuiet(input),
    answer: row.answer,
  };
}

function inputOf(bytes: Uint8Array): HookInput | null {
  if (bytes.length > MOST_INPUT) return null;
  try {
    // The decoder drops a byte order mark.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    return isObject ? value as HookInput : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
