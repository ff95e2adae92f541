import type { MessageText } from "../../lib/protocol/message_text.ts";
import { isRoomName, type RoomName } from "../../lib/protocol/names.ts";

/**
 * The same value with names of rooms and texts as a test writes them. What stands behind a border takes checked ones
 * alone; a test that stands there too answers for its literals itself.
 */
export type Plain<T> = T extends RoomName | MessageText ? string
  // deno-lint-ignore no-explicit-any -- only any takes every function.
  : T extends AbortSignal | ((...given: any[]) => unknown) ? T
  : T extends object ? { [Key in keyof T]: Plain<T[Key]> }
  : T;

/** The same object with methods that take {@link Plain} values. */
export type PlainCalls<T> = {
  [Key in keyof T]: T[Key] extends (...given: infer Given) => infer Result
    ? (...given: Plain<Given>) => Result
    : T[Key];
};

export function plainCalls<T extends object>(object: T): PlainCalls<T> {
  return object as unknown as PlainCalls<T>;
}

/** A value of a test that passes for a checked one. */
export function asChecked<T>(value: Plain<T>): T {
  return value as unknown as T;
}

/** A room's name. */
export function roomName(text: string): RoomName {
  if (!isRoomName(text)) throw new Error(`'${text}' is no room's name`);
  return text;
}
